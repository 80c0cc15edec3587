import { HttpSender } from './http-sender.js';
import type { LogLine, PlainRequest, PlainResponse, RunningApp } from './transport.js';

/** A deployment that is there already, at BASE_URL: a stage on AWS, or a laptop's API. Nobody sees into it. */
export class RemoteApp implements RunningApp {
  readonly logs: LogLine[] = [];
  private readonly sender: HttpSender;

  constructor(url: string) {
    this.sender = new HttpSender(url.replace(/\/+$/, ''));
  }

  send(request: PlainRequest): Promise<PlainResponse> {
    return this.sender.send(request);
  }

  async stop(): Promise<void> {
    this.sender.stop();
  }
}
