import type { Condition, GuitarType } from '../guitar.js';

export class DetailedSpecsResponse {
  bodyShape?: string;
  bodyBinding?: string;
  topWood?: string;
  topCarve?: string;
  neckProfile?: string;
  neckJoint?: string;
  neckFinish?: string;
  fretboardRadius?: string;
  fretSize?: string;
  fretboardInlays?: string;
  nutWidth?: string;
  nutMaterial?: string;
  trussRod?: string;
  neckPickup?: string;
  bridgePickup?: string;
  pickupSelector?: string;
  controls?: string;
  hardwareFinish?: string;
  tailpiece?: string;
  pickguard?: string;
  controlKnobs?: string;
  strapButtons?: string;
  stringTrees?: string;
  stringGauge?: string;
  headstock?: string;
  weight?: string;
}

export class PrivateInfoResponse {
  serialNumber?: string;
  /** @format date */
  purchaseDate?: string;
  purchaseLocation?: string;
  /** @format double */
  originalRetailPrice?: number;
  /** @format double */
  purchasePrice?: number;
  /** @format double */
  currentValue?: number;
  /** ISO 4217. */
  currency?: string;
  /** A receipt that lies somewhere else. */
  receiptUrl?: string;
  /** @format uuid */
  receiptImageId?: string;
  insuranceInfo?: string;
}

/** The receipt that was uploaded. */
export class GuitarReceiptResponse {
  /** @format uuid */
  imageId!: string;
  /** Good for five to ten minutes. */
  url!: string;
}

export class GuitarImageResponse {
  /** @format uuid */
  id!: string;
  /** Another name of `id`. @format uuid */
  imageId!: string;
  url!: string;
  /** 400 by 400 pixels. */
  thumbnailUrl!: string | null;
  caption!: string | null;
  isPrimary!: boolean;
  order!: number;
}

export class NoteResponse {
  /** @format uuid */
  id!: string;
  content!: string;
  /** @format date-time */
  createdAt!: string;
}

/** A note by itself. */
export class NoteOfGuitarResponse extends NoteResponse {
  /** @format uuid */
  guitarId!: string;
}

/** What a person says of a guitar, but for what is a map or a list. */
export class PlainGuitarFields {
  brand!: string;
  model!: string;
  year!: number | null;
  type!: GuitarType | null;
  condition!: Condition | null;
  bodyMaterial!: string | null;
  neckMaterial!: string | null;
  fretboardMaterial!: string | null;
  scaleLength!: string | null;
  pickupConfiguration!: string | null;
  color!: string | null;
  finish!: string | null;
  tuningMachines!: string | null;
  bridge!: string | null;
  nut!: string | null;
  electronics!: string | null;
  countryOfOrigin!: string | null;
  numberOfFrets!: number | null;
  caseIncluded!: boolean | null;
}

export class GuitarResponse extends PlainGuitarFields {
  /** @format uuid */
  id!: string;
  /** Another name of `id`. @format uuid */
  guitarId!: string;
  /** @format uuid */
  userId!: string;
  /** What is known of these. */
  detailedSpecs!: DetailedSpecsResponse;
  /** What is known of these. */
  privateInfo!: PrivateInfoResponse;
  receipt!: GuitarReceiptResponse | null;
  /** In order; exactly one is the primary. */
  images!: GuitarImageResponse[];
  /** Oldest first. */
  notes!: NoteResponse[];
  /** @format date-time */
  createdAt!: string;
  /** @format date-time */
  updatedAt!: string;
  version!: number;
}

export class BrandResponse {
  /** As it is written most often. */
  brand!: string;
  count!: number;
}
