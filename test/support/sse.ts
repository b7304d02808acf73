import { setTimeout as delay } from 'node:timers/promises';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import type { Server } from './server.js';

/** A Server-Sent Events reader as a client would write it: `next` waits for one message, `close` hangs up. */
export class Live {
  private readonly messages: EventSourceMessage[] = [];
  private wake: (() => void) | undefined;
  private ended = false;

  private constructor(
    readonly response: Response,
    private readonly controller: AbortController,
  ) {}

  static async open(server: Server, path: string, key: string, headers: Record<string, string> = {}): Promise<Live> {
    const controller = new AbortController();
    const response = await fetch(server.url + path, {
      headers: { authorization: `Bearer ${key}`, accept: 'text/event-stream', ...headers },
      signal: controller.signal,
    });
    const live = new Live(response, controller);
    void live.pump();
    return live;
  }

  async next(withinMs = 5000): Promise<EventSourceMessage> {
    const until = Date.now() + withinMs;
    while (this.messages.length === 0) {
      if (this.ended) throw new Error('The stream ended.');
      const left = until - Date.now();
      if (left <= 0) throw new Error(`Nothing arrived within ${withinMs} ms.`);
      await new Promise<void>((resolve) => {
        this.wake = resolve;
        setTimeout(resolve, left).unref();
      });
    }
    return this.messages.shift()!;
  }

  async take(count: number): Promise<EventSourceMessage[]> {
    const taken = [];
    while (taken.length < count) taken.push(await this.next());
    return taken;
  }

  /** What has come and was not taken. */
  get left(): readonly EventSourceMessage[] {
    return this.messages;
  }

  /** Waits for the server to end it. */
  async over(withinMs = 5000): Promise<void> {
    const until = Date.now() + withinMs;
    while (!this.ended) {
      if (Date.now() > until) throw new Error(`The stream was still open after ${withinMs} ms.`);
      await delay(10);
    }
  }

  close(): void {
    this.controller.abort();
  }

  private async pump(): Promise<void> {
    const parser = createParser({
      onEvent: (message) => {
        this.messages.push(message);
        this.wake?.();
      },
    });
    const decoder = new TextDecoder();
    try {
      for await (const chunk of this.response.body ?? []) parser.feed(decoder.decode(chunk, { stream: true }));
    } catch {
      // Hung up on our side, or the server went away: `next` says so.
    }
    this.ended = true;
    this.wake?.();
  }
}
