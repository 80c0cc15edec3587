import { Module } from '@nestjs/common';
import { AccountStates } from './account-states.js';
import { AccountsService } from './accounts.service.js';
import { UsersController } from './users.controller.js';
import { UsersRepository } from './users.repository.js';
import { UsersService } from './users.service.js';

@Module({
  controllers: [UsersController],
  providers: [UsersRepository, UsersService, AccountsService, AccountStates],
  exports: [UsersService, AccountsService, AccountStates],
})
export class UsersModule {}
