import { Injectable } from '@nestjs/common';
import { Table } from '../../platform/dynamodb/table.js';
import { Entries } from '../portfolio/entries.js';
import { type Project, PROJECTS } from './project.js';

@Injectable()
export class ProjectsRepository extends Entries<Project> {
  constructor(table: Table) {
    super(table, PROJECTS);
  }
}
