import { Injectable } from '@nestjs/common';
import { Table } from '../../platform/dynamodb/table.js';
import { Entries } from '../portfolio/entries.js';
import { type Certification, CERTIFICATIONS } from './certification.js';

@Injectable()
export class CertificationsRepository extends Entries<Certification> {
  constructor(table: Table) {
    super(table, CERTIFICATIONS);
  }
}
