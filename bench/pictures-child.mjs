// One peer develops one photo a few times in a process of its own: fork bench/pictures-child.mjs <peer> <file> <type>.
import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { OPTIONS, Pictures } from '../dist/modules/images/completion/pictures.js';

const TIMES = 2;
const [peer, file, type] = process.argv.slice(2);
const bytes = readFileSync(file);
const pictures = new Pictures();
sharp.cache(false);

const peers = {
  Hearth: () => pictures.develop(bytes, type),
  /** The same work step by step, each from the whole picture: is it sound, the picture, the thumbnail. */
  'separate full decodes': async () => {
    const open = () => sharp(bytes, { failOn: 'warning' });
    await open().raw().toBuffer();
    const format = type.slice('image/'.length);
    await open().autoOrient().toFormat(format, OPTIONS[format]).toBuffer();
    const { data, info } = await open().autoOrient().raw().toBuffer({ resolveWithObject: true });
    await sharp(data, { raw: info }).resize(400, 400, { fit: 'cover' }).webp({ quality: 80 }).toBuffer();
  },
};

await peers[peer]();
const began = performance.now();
for (let time = 0; time < TIMES; time += 1) await peers[peer]();
const ms = (performance.now() - began) / TIMES;
process.send({ ms, peakMb: process.resourceUsage().maxRSS / 1024 }, () => process.disconnect());
