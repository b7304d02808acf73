import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type KeyPrincipal, seesNames, VerbatimError } from '#platform';
import { FEED_KINDS, FEED_TYPES, type FeedPage, type FeedReader, OrganizationFeed } from '#sessions';
import { Allow, Caller, EventStreams, resumeAfter } from '../http/index.js';
import { BlindEvents } from './blind-events.js';
import { maskedFor } from './event-mask.js';
import { FeedQuery, FeedStreamQuery } from './session.queries.js';

/** W16: an organization's events in commit order, for whoever keeps up with them from outside. */
@Controller('v1/events')
@Allow('admin', 'reviewer', 'auditor', 'scorer')
export class FeedController {
  constructor(
    private readonly feed: OrganizationFeed,
    private readonly streams: EventStreams,
    private readonly blind: BlindEvents,
  ) {}

  @Get()
  async page(@Caller() caller: KeyPrincipal, @Query() { after, types, limit }: FeedQuery): Promise<FeedPage> {
    const page = await this.feed.page(feedReader(caller), { after, types: typesOf(types) }, limit);
    const blinded = await Promise.all(page.events.map(this.blind.for(caller)));
    return { ...page, events: blinded.map((event) => maskedFor(caller, event)) };
  }

  @Get('stream')
  async stream(
    @Caller() caller: KeyPrincipal,
    @Query() query: FeedStreamQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const wanted = { after: resumeAfter(request, query.after), types: typesOf(query.types) };
    const live = await this.feed.live(feedReader(caller), wanted);
    const blinded = this.blind.for(caller);
    await this.streams.send(request, reply, async function* (signal) {
      for await (const event of live(signal))
        yield { id: event.globalSeq, data: maskedFor(caller, await blinded(event)) };
    });
  }
}

/** A scorer is blind: it follows sessions alone, without the names that candidates write there. */
const feedReader = (caller: KeyPrincipal): FeedReader => ({
  orgId: caller.orgId,
  kinds: caller.role === 'scorer' ? ['session'] : FEED_KINDS,
  names: seesNames(caller),
});

const typesOf = (text: string | undefined): readonly string[] | undefined => {
  if (text === undefined || text === '') return undefined;
  const types = text.split(',').map((type) => type.trim());
  const unknown = types.find((type) => !FEED_TYPES.includes(type));
  if (unknown !== undefined)
    throw new VerbatimError('invalid_parameter', 'types names an event type that there is not.', {
      param: 'types',
      details: { allowed: FEED_TYPES },
    });
  return types;
};
