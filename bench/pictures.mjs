// What making an image of a photo takes, in time and in memory, beside the same work by separate full decodes.
import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';

export const PEERS = ['Hearth', 'separate full decodes'];
const KINDS = [
  ['12 megapixels, JPEG', 4000, 3000, 'jpeg'],
  ['48 megapixels, JPEG', 8000, 6000, 'jpeg'],
  ['12 megapixels, WebP', 4000, 3000, 'webp'],
  ['12 megapixels, PNG', 4000, 3000, 'png'],
];

/** Detail at every scale a camera would see, the same in every run. */
async function photograph(width, height, format) {
  const [small, tall] = [width / 8, height / 8];
  const noise = Buffer.alloc(small * tall * 3);
  for (let at = 0, block = Buffer.from('hearth'); at < noise.length; at += block.length) {
    block = createHash('sha512').update(block).digest();
    block.copy(noise, at);
  }
  return sharp(noise, { raw: { width: small, height: tall, channels: 3 } })
    .resize(width, height, { kernel: 'cubic' })
    .blur(2)
    .withMetadata({ orientation: 6 })
    .toFormat(format, { quality: 85 })
    .toBuffer();
}

/** The photos, each in a file. */
export async function takePhotos(directory) {
  const photos = {};
  for (const [name, width, height, format] of KINDS) {
    const bytes = await photograph(width, height, format);
    const file = join(directory, `${width}.${format}`);
    writeFileSync(file, bytes);
    photos[name] = { file, type: `image/${format}`, megabytes: bytes.length / 1e6, bytes };
  }
  return photos;
}

/** Milliseconds a photo and the peak of the process's memory in MB. */
export async function develop(peer, { file, type }) {
  const child = fork('bench/pictures-child.mjs', [peer, file, type], { execArgv: ['--no-warnings'] });
  const [result] = await once(child, 'message');
  await once(child, 'exit');
  return result;
}
