import { s3Endpoint } from './environment.js';
import type { TestApp } from './test-app.js';

/** The keys of everything in a test's bucket, past every fault. */
export async function objectsOf({ environment }: TestApp): Promise<string[]> {
  const answer = await fetch(`${s3Endpoint}/${environment['S3_BUCKET_IMAGES']}?list-type=2`);
  return [...(await answer.text()).matchAll(/<Key>([^<]+)<\/Key>/g)].map(([, key]) => key ?? '');
}
