import { describe, expect, it } from '@jest/globals';
import { assertWithinLimits } from '../support/dynamodb-limits.js';

const Key = { PK: 'USER#1', SK: 'TASK#1' };
const put = (number: number) => ({ Put: { TableName: 't', Item: { PK: 'USER#1', SK: `TASK#${number}` } } });
const operands = (count: number) => Array.from({ length: count }, (_, at) => `:v${at}`).join(', ');

/** What every call of the applications under test is held against (test/support/aws-calls.ts). */
describe('The limits of DynamoDB', () => {
  it.each<[string, object]>([
    ['a key that is empty', { Key: { ...Key, SK: '' } }],
    ['a sort key of 1,025 bytes', { Key: { ...Key, SK: 'x'.repeat(1025) } }],
    ['a partition key of 2,049 bytes', { Item: { ...Key, PK: 'x'.repeat(2049) } }],
    ['an index key of 1,025 bytes', { Item: { ...Key, GSI1SK: 'é'.repeat(513) } }],
    ['an item of more than 400 KB', { Item: { ...Key, text: 'x'.repeat(400 * 1024) } }],
    ['an expression of more than 4 KB', { Key, UpdateExpression: `SET ${'a'.repeat(4096)} = :v` }],
    ['IN with 101 operands', { Key, ConditionExpression: `#Version IN (${operands(101)})` }],
    ['301 operators', { Key, ConditionExpression: Array(152).fill('a=b').join(' AND ') }],
    ['101 items in a transaction', { TransactItems: Array.from({ length: 101 }, (_, at) => put(at)) }],
    ['two operations on one item', { TransactItems: [put(1), { ConditionCheck: { TableName: 't', Key } }] }],
    ['101 keys in a batch', { RequestItems: { t: { Keys: Array.from({ length: 101 }, () => Key) } } }],
  ])('refuse %s', (_, input) => {
    expect(() => assertWithinLimits(input)).toThrow(/DynamoDB would refuse/);
  });

  it.each<[string, object]>([
    ['keys at the limit', { Item: { ...Key, SK: 'x'.repeat(1024), GSI1PK: 'x'.repeat(2048) } }],
    ['IN with 100 operands', { Key, ConditionExpression: `#Version IN (${operands(100)})` }],
    ['100 items in a transaction', { TransactItems: Array.from({ length: 100 }, (_, at) => put(at)) }],
  ])('allow %s', (_, input) => {
    expect(() => assertWithinLimits(input)).not.toThrow();
  });
});
