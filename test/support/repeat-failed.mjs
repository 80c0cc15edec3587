// Against another engine (npm run test:endpoint) a list that is read right after a write may be late: once more, then.
import { jest } from '@jest/globals';

jest.retryTimes(2);
