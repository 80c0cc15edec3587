import { Injectable } from '@nestjs/common';
import { GuitarsRepository } from '../guitars.repository.js';
import { type Statistics, statisticsOf } from './statistics.js';

@Injectable()
export class GuitarStatisticsService {
  constructor(private readonly guitars: GuitarsRepository) {}

  async of(userId: string, currency: string | undefined): Promise<Statistics> {
    return statisticsOf(await this.guitars.listForStatistics(userId), currency);
  }
}
