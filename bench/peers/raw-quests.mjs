// A handler with nothing around it that creates a quest by hand: signature, a few fields, one conditional put.
import { createPublicKey, verify } from 'node:crypto';
import { createQuest } from './quests.mjs';

const key = createPublicKey(process.env.BENCH_PUBLIC_KEY);

export async function handler({ headers, body }) {
  const [head, payload, signature] = (headers.authorization ?? '').slice('Bearer '.length).split('.');
  const signed = Buffer.from(`${head}.${payload}`);
  if (!verify('RSA-SHA256', signed, key, Buffer.from(signature, 'base64url'))) return { statusCode: 401 };
  const { sub, exp } = JSON.parse(Buffer.from(payload, 'base64url'));
  const { type, title, dueDate, priority } = JSON.parse(body);
  const isValid = type === 'task' && typeof title === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(dueDate);
  if (!isValid || exp * 1000 < Date.now()) return { statusCode: 400 };
  const data = await createQuest(sub, { type, title, dueDate, priority });
  const answer = { 'content-type': 'application/json' };
  return { statusCode: 201, headers: answer, body: JSON.stringify({ success: true, data }) };
}
