// A plain Express server with the duties of duties.mjs and the quests of quests.mjs behind a token, by hand.
import jwt from 'jsonwebtoken';
import { appWithDuties } from './duties.mjs';
import { createQuest, getQuest, listQuests } from './quests.mjs';

const app = appWithDuties();
const callerOf = (request) => {
  const token = request.get('authorization')?.slice('Bearer '.length) ?? '';
  return jwt.verify(token, process.env.BENCH_PUBLIC_KEY, { algorithms: ['RS256'] }).sub;
};

app.post('/v1/quests', async (request, response) => {
  const { type, title, dueDate, priority } = request.body;
  const quest = { type, title, dueDate, priority };
  response.status(201).json({ success: true, data: await createQuest(callerOf(request), quest) });
});
app.get('/v1/quests', async (request, response) => {
  response.json({ success: true, data: await listQuests(callerOf(request), Number(request.query.limit)) });
});
app.get('/v1/quests/:id', async (request, response) => {
  response.json({ success: true, data: await getQuest(callerOf(request), request.params.id) });
});

const server = app.listen(0, '127.0.0.1', () =>
  process.stderr.write(`http://127.0.0.1:${server.address().port}\n`),
);
