import type { ReadReq } from '@eventstore/db-client/generated/persistent_pb.js';
import persistent from '@eventstore/db-client/generated/persistent_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import type { RecordedEvent } from '../../port/index.js';
import type { GroupCall } from '../connection.js';
import { uuidOf } from '../records.js';
import type { ReadMessage } from '../wire/read-response.js';

const { ReadReq: Request } = persistent;
const { PARK, RETRY } = Request.Nack.Action;

/** A message as the server sent it. */
export interface Message {
  /** What it is answered by: the link's id if there is one. */
  readonly id: string;
  /** Undefined when it is a link to what is no more. */
  readonly event: RecordedEvent | undefined;
  /** It was parked and is replayed. */
  readonly isLink: boolean;
  readonly retries: number;
}

export interface LaneEnds {
  message(lane: Lane, message: Message): void;
  ended(lane: Lane, error: unknown): void;
}

/** One call to a group: it holds at most `size` messages unanswered. */
export class Lane {
  /** Sent to us and not answered. */
  readonly unanswered = new Set<string>();
  isOpen = true;
  /** Messages so far. */
  received = 0;
  /** Resolves when the call is over, however it came to that. */
  private readonly over: Promise<void>;
  private acks: string[] = [];
  private flushing: Promise<void> | undefined;

  constructor(
    readonly name: string,
    private readonly call: GroupCall,
    /** What the group is called there. */
    readonly server: string,
    size: number,
    ends: LaneEnds,
  ) {
    call.on('data', (response: ReadMessage) => {
      const message = messageOf(response);
      if (!message || !this.isOpen) return;
      this.received += 1;
      this.unanswered.add(message.id);
      ends.message(this, message);
    });
    this.over = new Promise((resolve) => {
      const end = (error: unknown): void => {
        resolve();
        if (!this.isOpen) return;
        this.isOpen = false;
        ends.ended(this, error);
      };
      call.on('error', end);
      call.on('end', () => end(new Error('the server ended the subscription')));
    });
    call.write(opening(server, size));
  }

  /** Acknowledgements of one turn go together. */
  ack(id: string): Promise<void> {
    this.unanswered.delete(id);
    this.acks.push(id);
    this.flushing ??= new Promise((resolve) => {
      setImmediate(() => {
        this.flushing = undefined;
        const ack = new Request.Ack();
        ack.setIdsList(this.acks.splice(0).map(uuidOf));
        const request = new Request();
        request.setAck(ack);
        void this.write(request).then(resolve);
      });
    });
    return this.flushing;
  }

  retry(id: string, reason: string): Promise<void> {
    return this.nack(id, RETRY, reason);
  }

  park(id: string, reason: string): Promise<void> {
    return this.nack(id, PARK, reason);
  }

  /** What is unanswered goes to others. */
  cancel(): void {
    this.isOpen = false;
    this.call.cancel();
  }

  /** As if the server had ended it. */
  break(): void {
    this.call.cancel();
  }

  private nack(id: string, action: typeof PARK | typeof RETRY, reason: string): Promise<void> {
    this.unanswered.delete(id);
    const nack = new Request.Nack();
    nack.setIdsList([uuidOf(id)]);
    nack.setAction(action);
    nack.setReason(reason);
    const request = new Request();
    request.setNack(nack);
    return this.write(request);
  }

  /** What a lost call took along is handed out again, so nobody needs to hear that it was lost. */
  private write(request: ReadReq): Promise<void> {
    const written = new Promise<void>((resolve) => {
      if (!this.isOpen) return resolve();
      this.call.write(request, () => resolve());
    });
    // A call that is lost never says so to whoever waits for a write.
    return Promise.race([written, this.over]);
  }
}

function opening(group: string, size: number): ReadReq {
  const options = new Request.Options();
  options.setAll(new shared.Empty());
  options.setGroupName(group);
  options.setBufferSize(size);
  const uuids = new Request.Options.UUIDOption();
  uuids.setString(new shared.Empty());
  options.setUuidOption(uuids);
  const request = new Request();
  request.setOptions(options);
  return request;
}

function messageOf({ read }: ReadMessage): Message | undefined {
  if (!read) return undefined;
  const { event, link, retries } = read;
  return { id: (link ?? event)?.id ?? '', event, isLink: link !== undefined, retries };
}
