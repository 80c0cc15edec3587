import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import supertest from 'supertest';
import type { PlainRequest, PlainResponse } from './transport.js';

/** Sends what a test asks for over HTTP, from the address that it names where that is one of this machine's. */
export class HttpSender {
  private readonly agents = new Map<string, HttpAgent>();

  constructor(private readonly url: string) {}

  async send({ method, path, headers, body, from }: PlainRequest): Promise<PlainResponse> {
    const verb = method.toLowerCase() as 'get';
    const sender = supertest(this.url);
    let request = sender[verb](path)
      .agent(this.agentFor(from))
      .redirects(0)
      .buffer(true)
      .parse((response, done) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => done(null, Buffer.concat(chunks)));
      })
      .set(headers)
      .ok(() => true);
    if (body !== undefined)
      request = request.serialize((value: unknown) => value as string).send(body as string);
    const response = await request;
    const bytes = response.body as unknown;
    const text = Buffer.isBuffer(bytes) ? bytes.toString() : '';
    return { status: response.status, headers: response.headers, text };
  }

  stop(): void {
    for (const agent of this.agents.values()) agent.destroy();
  }

  private agentFor(from: string): HttpAgent {
    const isHere = new URL(this.url).hostname === '127.0.0.1';
    const key = isHere ? from : '';
    const known = this.agents.get(key);
    if (known) return known;
    const options = { keepAlive: true, ...(isHere && { localAddress: from }) };
    const made = this.url.startsWith('https:') ? new HttpsAgent(options) : new HttpAgent(options);
    this.agents.set(key, made);
    return made;
  }
}
