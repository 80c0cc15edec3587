import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sharedDirectory } from './environment.js';
import type { TestApp } from './test-app.js';

const OBJECT = '._S3rver_object';

/** The keys of everything in a test's bucket but its mark, as it lies on disk: past every fault and every signature. */
export async function objectsOf({ environment }: TestApp): Promise<string[]> {
  const bucket = join(sharedDirectory, 's3', environment['S3_BUCKET_IMAGES'] ?? '');
  const files = await readdir(bucket, { recursive: true });
  const keys = files.filter((file) => file.endsWith(OBJECT)).map((file) => file.slice(0, -OBJECT.length));
  return keys.filter((key) => key !== 'deployment.json');
}
