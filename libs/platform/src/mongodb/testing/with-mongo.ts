import { describe, it } from '@jest/globals';
import { TestServer } from './test-server.js';

/** Specs on the server in TEST_MONGODB_URL; without one they say what is missing. */
export const withMongo = (specs: (server: TestServer) => void): void => {
  const url = process.env['TEST_MONGODB_URL'];
  if (url) {
    specs(new TestServer(url));
    return;
  }
  describe('on MongoDB', () => {
    it.skip('set TEST_MONGODB_URL to a MongoDB (or FerretDB 1.24) server to run these specs', () => {});
  });
};
