import { describe, expect, it } from '@jest/globals';
import { VerbatimConfig } from '#platform';
import { banner } from './banner.js';

const NOTHING_NEW = { created: false, key: null, warning: null };

describe('the banner', () => {
  it('says where the data is, without the passwords of shared stores', () => {
    const config = new VerbatimConfig({
      VERBATIM_EVENT_STORE_URL: 'esdb://admin:p@ss/w@a:2113,b:2113?tls=false',
      VERBATIM_READ_STORE_URL: 'mongodb://house:hidden@c:27017/verbatim?replicaSet=rs',
      VERBATIM_SECRET: 's'.repeat(32),
    });
    const text = banner(config, NOTHING_NEW, undefined);
    expect(text).toContain(
      'Its data: event log in esdb://a:2113,b:2113, read models in mongodb://c:27017/verbatim, operations in mongodb://c:27017/verbatim_ops\n',
    );
    expect(text).not.toMatch(/p@ss|hidden/);
    expect(banner(new VerbatimConfig({ VERBATIM_DATA_DIR: '/srv/v' }), NOTHING_NEW, undefined)).toContain(
      'Its data is in /srv/v\n',
    );
  });
});
