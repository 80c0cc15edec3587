import { gatewayHandler } from './gateway-handler.js';
import { GuitarPhotosModule } from './modules/guitars/photos/guitar-photos.module.js';
import { CompletionModule } from './modules/images/completion/completion.module.js';

/** Lambda, behind API Gateway: `POST /v1/images/upload-complete`, and sharp with it. */
export const handler = gatewayHandler({
  modules: [CompletionModule, GuitarPhotosModule],
  docsDirectory: '',
});
