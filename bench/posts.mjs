// What a page of the public list costs as the blog grows.
import { randomUUID } from 'node:crypto';
import { NestFactory } from '@nestjs/core';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { v7 } from 'uuid';
import { API_MODULES } from '../dist/api-modules.js';
import { AppModule } from '../dist/app.module.js';
import { loadConfig } from '../dist/config/config.js';
import { ensureTable } from '../dist/local/table-definition.js';
import { newPostItem, newTagItem, placed, postFrom } from '../dist/modules/blog/post.item.js';
import { PostsService } from '../dist/modules/blog/posts.service.js';
import { stamped } from '../dist/platform/dynamodb/expressions.js';
import { JsonLogger } from '../dist/platform/logger.js';
import { RequestContext, requestContext } from '../dist/platform/request-context.js';

const SIZES = [10, 1000, 10_000];
const PAGE = 10;
const WRITTEN_AT_ONCE = 25;

/** The questions of strangers; `deep` begins in the middle of the list. */
const QUESTIONS = {
  'newest first': {},
  'newest first, from the middle': { deep: true },
  'category=workshop (a half)': { category: 'workshop' },
  'tag=setup (a third)': { tag: 'setup' },
};

const instantOf = (number) => new Date(Date.UTC(2020, 0, 1) + number * 3_600_000).toISOString();

function rowsOf(number) {
  const id = v7({ msecs: Date.UTC(2020, 0, 1) + number * 3_600_000 });
  const draft = newPostItem({
    id,
    slug: `post-${number}`,
    title: `What I learnt about instruments, part ${number}`,
    excerpt: 'Three saddles, six strings, one compromise, and what an afternoon has to do with it. '.repeat(
      3,
    ),
    category: number % 2 === 0 ? 'Workshop' : 'Code',
    tags: ['all', ['setup', 'neck', 'wood'][number % 3]],
    readTime: 4,
    coverImageUrl: null,
    canonicalUrl: null,
  });
  const stamp = (item) => stamped(item, instantOf(number), randomUUID());
  const post = placed({ ...stamp(draft), Status: 'PUBLISHED', publishedAt: instantOf(number) });
  return [post, ...draft.tags.map((tag) => stamp(newTagItem(postFrom(post), tag)))];
}

/** A blog of one size in a table of its own. */
async function openBlog(environment, size) {
  const config = loadConfig({ ...environment, DYNAMODB_TABLE_NAME: `hearth-posts-${size}` });
  await ensureTable(config);
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = DynamoDBDocumentClient.from(
    new DynamoDBClient({ endpoint: config.table.endpoint, region: config.aws.region, credentials }),
  );
  const rows = Array.from({ length: size }, (_, number) => rowsOf(number)).flat();
  for (let done = 0; done < rows.length; done += WRITTEN_AT_ONCE) {
    const requests = rows.slice(done, done + WRITTEN_AT_ONCE).map((Item) => ({ PutRequest: { Item } }));
    await client.send(new BatchWriteCommand({ RequestItems: { [config.table.name]: requests } }));
  }
  process.stderr.write(`posts ${size}\n`);
  const logger = new JsonLogger('error');
  const app = await NestFactory.createApplicationContext(
    AppModule.with({ config, logger, docsDirectory: '', modules: API_MODULES }),
    { logger, abortOnError: false },
  );
  return { app, posts: app.get(PostsService, { strict: false }) };
}

export async function openBlogs(environment) {
  const apps = [];
  const peers = {};
  for (const size of SIZES) {
    const { app, posts } = await openBlog(environment, size);
    apps.push(app);
    for (const [question, { deep, ...query }] of Object.entries(QUESTIONS)) {
      const after = deep ? `${instantOf(size / 2)}#` : undefined;
      peers[`${question} | ${size}`] = async () => {
        const context = new RequestContext('bench', '', 60_000);
        const began = performance.now();
        const page = await requestContext.run(context, () =>
          posts.list(undefined, { ...query, limit: PAGE, after }),
        );
        const ms = performance.now() - began;
        return { ms, found: page.items.length, ...context.dynamodb };
      };
    }
  }
  return {
    peers,
    sizes: SIZES,
    questions: Object.keys(QUESTIONS),
    page: PAGE,
    close: () => Promise.all(apps.map((app) => app.close())),
  };
}
