import { defineError } from '../../http/errors/api-error.js';

export const IMAGE_NOT_FOUND = defineError(
  'IMAGE_NOT_FOUND',
  404,
  'The image or upload does not exist, or is not yours.',
);
export const IMAGE_TYPE_UNSUPPORTED = defineError(
  'IMAGE_TYPE_UNSUPPORTED',
  415,
  'Photos are image/jpeg, image/png or image/webp; with purpose=receipt also application/pdf.',
);
export const IMAGE_TOO_LARGE = defineError(
  'IMAGE_TOO_LARGE',
  413,
  'A file has at most 10 MB (10,485,760 bytes), and a picture at most 52 million pixels.',
);
export const IMAGE_UPLOAD_FAILED = defineError(
  'IMAGE_UPLOAD_FAILED',
  400,
  'Nothing was uploaded under this key yet, or it was replaced while it was being checked. Upload it, then complete it.',
);
export const IMAGE_CONTENT_MISMATCH = defineError(
  'IMAGE_CONTENT_MISMATCH',
  422,
  'The content is damaged, or not of the type that it was announced as. It was removed: ask for another address to upload to.',
);
export const IMAGE_IN_USE = defineError(
  'IMAGE_IN_USE',
  409,
  'The image is in use. The details say where; remove it there first.',
);
export const IMAGE_WRONG_PURPOSE = defineError(
  'IMAGE_WRONG_PURPOSE',
  409,
  'The image was uploaded for another purpose: a receipt cannot be a photo, nor a photo a receipt.',
);
