import { Module } from '@nestjs/common';
import { PortfolioModule } from '../portfolio/portfolio.module.js';
import { FeedsController } from './feeds/feeds.controller.js';
import { FeedsService } from './feeds/feeds.service.js';
import { PostsController } from './posts.controller.js';
import { PostsRepository } from './posts.repository.js';
import { PostsService } from './posts.service.js';
import { PublishingController } from './publishing/publishing.controller.js';
import { PublishingService } from './publishing/publishing.service.js';

@Module({
  imports: [PortfolioModule],
  controllers: [PostsController, PublishingController, FeedsController],
  providers: [PostsService, PostsRepository, PublishingService, FeedsService],
  exports: [PostsService, PublishingService],
})
export class BlogModule {}
