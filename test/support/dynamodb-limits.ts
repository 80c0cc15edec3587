/**
 * What DynamoDB refuses and the embedded engine takes (AWS: "Quotas in Amazon DynamoDB", "TransactWriteItems"). Every call
 * that a test's application makes is held against it.
 */
const KB = 1024;
const MAX_EXPRESSION_BYTES = 4 * KB;
const MAX_IN_OPERANDS = 100;
const MAX_OPERATORS = 300;
const MAX_ITEM_BYTES = 400 * KB;
const MAX_NESTING = 32;
const MAX_TRANSACTION = 100;
const MAX_TRANSACTION_BYTES = 4 * KB * KB;
const MAX_BATCH_GET = 100;
const KEY_BYTES: Readonly<Record<string, number>> = {
  PK: 2048,
  SK: 1024,
  GSI1PK: 2048,
  GSI1SK: 1024,
  GSI2PK: 2048,
  GSI2SK: 1024,
  GSI3PK: 2048,
  GSI3SK: 1024,
};

export class RefusedByDynamoDb extends Error {
  override readonly name = 'RefusedByDynamoDb';
}

type Values = Readonly<Record<string, unknown>>;

interface Operation {
  readonly TableName?: string;
  readonly Key?: Values;
  readonly Item?: Values;
  readonly ExpressionAttributeValues?: Values;
  readonly [expression: `${string}Expression`]: string | undefined;
}

interface Input extends Operation {
  readonly TransactItems?: readonly Readonly<Record<string, Operation | undefined>>[];
  readonly RequestItems?: Readonly<Record<string, { readonly Keys?: readonly unknown[] }>>;
}

const bytesOf = (text: string) => Buffer.byteLength(text);

/** @throws {RefusedByDynamoDb} */
export function assertWithinLimits(input: object): void {
  const { TransactItems, RequestItems, ...single } = input as Input;
  for (const { Keys = [] } of Object.values(RequestItems ?? {}))
    refuseIf(Keys.length > MAX_BATCH_GET, `${Keys.length} keys in a BatchGetItem`);
  if (!TransactItems) {
    assertOperation(single);
    return;
  }
  const operations = TransactItems.flatMap((item) =>
    Object.values(item).filter((each) => each !== undefined),
  );
  refuseIf(operations.length > MAX_TRANSACTION, `${operations.length} items in a transaction`);
  refuseIf(sizeOf(operations) > MAX_TRANSACTION_BYTES, 'a transaction of more than 4 MB');
  const targets = operations.map(({ Key, Item }) =>
    JSON.stringify([(Key ?? Item)?.['PK'], (Key ?? Item)?.['SK']]),
  );
  const twice = targets.find((target, position) => targets.indexOf(target) < position);
  refuseIf(twice !== undefined, `two operations of one transaction on ${twice}`);
  for (const operation of operations) assertOperation(operation);
}

function assertOperation(operation: Operation): void {
  // In DynamoDB's own form it has been here before, as the document client was given it.
  if (typeof (operation.Key ?? operation.Item)?.['PK'] === 'object') return;
  for (const [name, value] of Object.entries(operation))
    if (name.endsWith('Expression') && typeof value === 'string') assertExpression(name, value);
  for (const values of [operation.Key, operation.Item]) if (values) assertKeys(values);
  const { Item, ExpressionAttributeValues = {} } = operation;
  if (Item) {
    refuseIf(sizeOf(Item) > MAX_ITEM_BYTES, `an item of ${sizeOf(Item)} bytes`);
    refuseIf(depthOf(Item) > MAX_NESTING, 'an item nested more than 32 levels deep');
  }
  for (const value of Object.values(ExpressionAttributeValues))
    refuseIf(sizeOf(value) > MAX_ITEM_BYTES, 'a value of more than 400 KB');
}

function assertExpression(name: string, text: string): void {
  refuseIf(bytesOf(text) > MAX_EXPRESSION_BYTES, `a ${name} of ${bytesOf(text)} bytes`);
  for (const [, operands = ''] of text.matchAll(/\bIN \(([^)]*)\)/g))
    refuseIf(operands.split(',').length > MAX_IN_OPERANDS, `IN with ${operands.split(',').length} operands`);
  const operators = text.match(/\b(AND|OR|NOT|BETWEEN|IN)\b|[<>=]+|[-+]|\w+\(/g) ?? [];
  refuseIf(operators.length > MAX_OPERATORS, `a ${name} of ${operators.length} operators`);
}

function assertKeys(values: Values): void {
  for (const [name, most] of Object.entries(KEY_BYTES)) {
    const value = values[name];
    if (value === undefined) continue;
    const bytes = typeof value === 'string' ? bytesOf(value) : 0;
    refuseIf(bytes === 0, `${name} = ${JSON.stringify(value)}`);
    refuseIf(bytes > most, `${name} of ${bytes} bytes`);
  }
}

/** As DynamoDB counts, about: names and values in UTF-8, three bytes a map or list, one an entry. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return bytesOf(value);
  if (value instanceof Uint8Array) return value.length;
  if (Array.isArray(value)) return value.reduce<number>((sum, entry) => sum + 1 + sizeOf(entry), 3);
  if (typeof value !== 'object' || value === null) return 8;
  return Object.entries(value).reduce((sum, [name, entry]) => sum + 1 + bytesOf(name) + sizeOf(entry), 3);
}

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return 0;
  return 1 + Math.max(0, ...Object.values(value).map((entry) => depthOf(entry)));
}

function refuseIf(isRefused: boolean, what: string): void {
  if (isRefused) throw new RefusedByDynamoDb(`DynamoDB would refuse ${what}`);
}
