import { Injectable } from '@nestjs/common';
import { ListGuitarsQuery } from '../../guitars/dto/guitar-query.dto.js';
import type { GuitarResponse } from '../../guitars/dto/guitar-response.dto.js';
import { CONDITIONS, GUITAR_TYPES } from '../../guitars/guitar.js';
import { GuitarListsService } from '../../guitars/guitar-lists.service.js';
import { GUITAR_NOT_FOUND } from '../../guitars/guitars.errors.js';
import { GuitarsService } from '../../guitars/guitars.service.js';
import { id, integer, oneOf, takes, text } from './parameters.js';
import { argumentsAs, idIn, type Tool, type ToolSet } from './tool.js';

const MOST_LISTED = 50;

/** What a model is shown of a guitar in a list. */
const brief = ({ id: guitarId, brand, model, year, type, condition, color }: GuitarResponse) => ({
  id: guitarId,
  brand,
  model,
  year,
  ...(type && { type }),
  ...(condition && { condition }),
  ...(color && { color }),
});

/** And of one: without addresses of photos and receipts, which are keys to them. */
function whole({ images, receipt: _r, notes, userId: _u, privateInfo, ...guitar }: GuitarResponse) {
  const { receiptUrl: _a, receiptImageId: _i, ...shown } = privateInfo;
  return {
    ...guitar,
    privateInfo: shown,
    photos: images.length,
    notes: notes.map(({ content }) => content),
  };
}

@Injectable()
export class GuitarTools implements ToolSet {
  constructor(
    private readonly guitars: GuitarsService,
    private readonly lists: GuitarListsService,
  ) {}

  readonly tools: readonly Tool[] = [
    {
      name: 'list_guitars',
      description: 'Lists the guitars of the user’s collection.',
      parameters: takes({
        search: text('Words, each of which is in brand, model, color, serial number or a note', 200),
        brand: text('The whole name', 100),
        type: oneOf(GUITAR_TYPES),
        condition: oneOf(CONDITIONS),
        yearMin: integer('The first year', 0, 9999),
        yearMax: integer('The last year', 0, 9999),
        limit: integer('How many at most; 20 without it', 1, MOST_LISTED),
      }),
      run: async ({ id: userId }, given) => {
        const query = await argumentsAs(ListGuitarsQuery, given);
        const limit = Math.min(query.limit ?? 20, MOST_LISTED);
        const { items, next } = await this.lists.list(
          userId,
          Object.assign(query, { limit, after: undefined }),
        );
        return {
          result: { items: items.map(brief), more: next !== null },
          summary: 'Looked at your guitars',
        };
      },
    },
    {
      name: 'get_guitar',
      description: 'Everything about one guitar, with its notes.',
      parameters: takes({ id: id('the guitar') }, 'id'),
      run: async ({ id: userId }, given) => {
        const guitar = await this.guitars.get(userId, idIn(given, GUITAR_NOT_FOUND));
        return { result: whole(guitar), summary: `Looked at the guitar “${guitar.brand} ${guitar.model}”` };
      },
    },
  ];
}
