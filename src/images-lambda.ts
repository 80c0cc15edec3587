import { gatewayHandler } from './gateway-handler.js';
import { GuitarPhotosModule } from './modules/guitars/photos/guitar-photos.module.js';
import { CompletionModule } from './modules/images/completion/completion.module.js';
import { NotificationsModule } from './modules/notifications/notifications.module.js';

/** Lambda, behind API Gateway: `POST /v1/images/upload-complete`, and sharp with it. */
export const handler = gatewayHandler({
  // With the row that every new user begins with: somebody may be admitted by their first request here.
  modules: [CompletionModule, GuitarPhotosModule, NotificationsModule],
  docsDirectory: '',
});
