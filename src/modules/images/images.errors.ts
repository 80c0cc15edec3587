import { defineError } from '../../http/errors/api-error.js';

export const IMAGE_NOT_FOUND = defineError(
  'IMAGE_NOT_FOUND',
  404,
  'The image or upload does not exist, or is not yours.',
);
export const IMAGE_TYPE_UNSUPPORTED = defineError(
  'IMAGE_TYPE_UNSUPPORTED',
  415,
  'Images are image/jpeg, image/png or image/webp; receipts may be application/pdf as well.',
);
export const IMAGE_TOO_LARGE = defineError(
  'IMAGE_TOO_LARGE',
  413,
  'A file has at most 10 MB, and a picture at most 64 million pixels.',
);
export const IMAGE_UPLOAD_FAILED = defineError(
  'IMAGE_UPLOAD_FAILED',
  400,
  'Nothing was uploaded under this key, or something else while it was looked at. Upload it, then complete it.',
);
export const IMAGE_CONTENT_MISMATCH = defineError(
  'IMAGE_CONTENT_MISMATCH',
  422,
  'The content is damaged, or not of the type that it was announced as. It was removed.',
);
export const IMAGE_IN_USE = defineError(
  'IMAGE_IN_USE',
  409,
  'The image is in use. Take it out where the details say first.',
);
export const IMAGE_WRONG_PURPOSE = defineError(
  'IMAGE_WRONG_PURPOSE',
  409,
  'A receipt is no photo, and a photo is no receipt: it was uploaded for the other purpose.',
);
