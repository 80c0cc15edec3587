// Express 5 + serverless-express as their documentation shows them, and the work of POST /v1/quests by hand:
// token, validation by class-validator, one conditional put.
import 'reflect-metadata';
import serverlessExpress from '@codegenie/serverless-express';
import { plainToInstance } from 'class-transformer';
import { IsIn, IsOptional, IsString, Length, Matches, validate } from 'class-validator';
import cors from 'cors';
import express from 'express';
import jwt from 'jsonwebtoken';
import { createQuest } from './quests.mjs';

class Quest {}
const rule = (property, ...decorators) =>
  decorators.forEach((decorate) => decorate(Quest.prototype, property));
rule('type', IsIn(['goal', 'task']));
rule('title', IsString(), Length(1, 200));
rule('dueDate', Matches(/^\d{4}-\d{2}-\d{2}$/));
rule('description', IsOptional(), IsString());
rule('priority', IsOptional(), IsIn(['low', 'medium', 'high']));

const app = express();
app.use(cors());
app.use(express.json());

app.get('/health', (_, response) => {
  response.json({
    success: true,
    data: { status: 'ok', version: '0.1.0', uptime: Math.round(process.uptime()) },
  });
});

app.post('/v1/quests', async (request, response) => {
  const token = request.get('authorization')?.slice('Bearer '.length) ?? '';
  const { sub } = jwt.verify(token, process.env.BENCH_PUBLIC_KEY, { algorithms: ['RS256'] });
  const quest = plainToInstance(Quest, request.body);
  const errors = await validate(quest, { whitelist: true, forbidNonWhitelisted: true });
  if (errors.length > 0) return response.status(400).json({ success: false, error: errors });
  const data = await createQuest(sub, quest);
  return response.status(201).json({ success: true, data });
});

export const handler = (serverlessExpress.default ?? serverlessExpress)({ app });
