import { describe, expect, it } from '@jest/globals';
import { binaryPath } from './embedded-dynamodb.js';

describe('Where there is no embedded database', () => {
  it('the message names the package and what to set instead', () => {
    expect(() => binaryPath('plan9', 'mips')).toThrow(
      /plan9-mips.*@dynoxide\/plan9-mips.*DYNAMODB_ENDPOINT/s,
    );
  });
});
