import messages, { type ReadResp, type SubscriptionInfo } from '@eventstore/db-client/generated/persistent_pb.js';
import shared, { type UUID } from '@eventstore/db-client/generated/shared_pb.js';
import type { NodeEvent, Resolved } from '../log/node-log.js';
import type { GroupStatus } from './group-faces.js';
import { placeText, startText } from './settings.js';

const TICKS_PER_MS = 10_000n;

export type WriteUuid = (text: string) => UUID;

export const confirmation = (id: string): ReadResp =>
  new messages.ReadResp().setSubscriptionConfirmation(
    new messages.ReadResp.SubscriptionConfirmation().setSubscriptionId(id),
  );

export function eventAnswer({ event, link }: Resolved, retries: number, uuid: WriteUuid): ReadResp {
  const read = new messages.ReadResp.ReadEvent().setRetryCount(retries);
  if (event) read.setEvent(recorded(event, uuid));
  if (link) read.setLink(recorded(link, uuid));
  const original = link ?? event;
  if (original) read.setCommitPosition(`${original.position}`);
  return new messages.ReadResp().setEvent(read);
}

function recorded(event: NodeEvent, uuid: WriteUuid): ReadResp.ReadEvent.RecordedEvent {
  const position = `${event.position}`;
  const answer = new messages.ReadResp.ReadEvent.RecordedEvent()
    .setId(uuid(event.id))
    .setStreamIdentifier(new shared.StreamIdentifier().setStreamName(Buffer.from(event.stream)))
    .setStreamRevision(`${event.revision}`)
    .setPreparePosition(position)
    .setCommitPosition(position)
    .setCustomMetadata(event.metadata)
    .setData(event.data);
  answer
    .getMetadataMap()
    .set('type', event.type)
    .set('content-type', event.contentType)
    .set('created', `${BigInt(event.created) * TICKS_PER_MS}`);
  return answer;
}

export function infoAnswer(status: GroupStatus): SubscriptionInfo {
  const { settings, consumers } = status;
  const place = (at: bigint | undefined): string => (at === undefined ? '' : placeText(settings.source, at));
  return new messages.SubscriptionInfo()
    .setEventSource(settings.source)
    .setGroupName(settings.group)
    .setStatus(status.isLive ? 'Live' : 'Behind')
    .setConnectionsList(consumers.map(connection))
    .setTotalItems(`${status.delivered}`)
    .setCountSinceLastMeasurement('0')
    .setLastCheckpointedEventPosition(place(status.checkpoint))
    .setLastKnownEventPosition(place(status.newest))
    .setResolveLinkTos(settings.resolveLinks)
    .setStartFrom(startText(settings))
    .setMessageTimeoutMilliseconds(settings.messageTimeoutMs)
    .setExtraStatistics(settings.extraStatistics)
    .setMaxRetryCount(settings.maxRetryCount)
    .setLiveBufferSize(settings.liveBufferSize)
    .setBufferSize(settings.historyBufferSize)
    .setReadBatchSize(settings.readBatchSize)
    .setCheckPointAfterMilliseconds(settings.checkpointAfterMs)
    .setMinCheckPointCount(settings.minCheckpointCount)
    .setMaxCheckPointCount(settings.maxCheckpointCount)
    .setReadBufferCount(status.buffered)
    .setLiveBufferCount('0')
    .setRetryBufferCount(status.retrying)
    .setTotalInFlightMessages(status.inFlight)
    .setOutstandingMessagesCount(status.outstanding)
    .setNamedConsumerStrategy(settings.strategy)
    .setMaxSubscriberCount(settings.maxSubscriberCount)
    .setParkedMessageCount(`${status.parked}`);
}

const connection = ({
  consumer,
  total,
  free,
  inFlight,
}: GroupStatus['consumers'][number]): SubscriptionInfo.ConnectionInfo =>
  new messages.SubscriptionInfo.ConnectionInfo()
    .setFrom(consumer.from)
    .setUsername(consumer.user)
    .setConnectionName(consumer.connectionName)
    .setTotalItems(`${total}`)
    .setCountSinceLastMeasurement('0')
    .setAvailableSlots(free)
    .setInFlightMessages(inFlight);
