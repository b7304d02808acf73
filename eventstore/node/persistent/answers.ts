import messages, { type SubscriptionInfo } from '@eventstore/db-client/generated/persistent_pb.js';
import type { GroupStatus } from './group-faces.js';
import { placeText, startText } from './settings.js';

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
