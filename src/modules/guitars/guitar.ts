/** The words of a guitar, in the order in which they are shown (seed 001). */
export const TEXTS = [
  'bodyMaterial',
  'neckMaterial',
  'fretboardMaterial',
  'scaleLength',
  'pickupConfiguration',
  'color',
  'finish',
  'tuningMachines',
  'bridge',
  'nut',
  'electronics',
  'countryOfOrigin',
] as const;

export const SPECS = [
  'bodyShape',
  'bodyBinding',
  'topWood',
  'topCarve',
  'neckProfile',
  'neckJoint',
  'neckFinish',
  'fretboardRadius',
  'fretSize',
  'fretboardInlays',
  'nutWidth',
  'nutMaterial',
  'trussRod',
  'neckPickup',
  'bridgePickup',
  'pickupSelector',
  'controls',
  'hardwareFinish',
  'tailpiece',
  'pickguard',
  'controlKnobs',
  'strapButtons',
  'stringTrees',
  'stringGauge',
  'headstock',
  'weight',
] as const;

export const PRICES = ['originalRetailPrice', 'purchasePrice', 'currentValue'] as const;

export const PRIVATE_FIELDS = [
  'serialNumber',
  'purchaseDate',
  'purchaseLocation',
  ...PRICES,
  'currency',
  'receiptUrl',
  'receiptImageId',
  'insuranceInfo',
] as const;

export const GUITAR_TYPES = [
  'Electric',
  'Acoustic',
  'Classical',
  'Bass',
  'Hollow Body',
  'Semi-Hollow',
  'Electric-Acoustic',
  'Resonator',
  'Other',
] as const;
export type GuitarType = (typeof GUITAR_TYPES)[number];

export const CONDITIONS = ['Mint', 'Excellent', 'Very Good', 'Good', 'Fair', 'Poor'] as const;
export type Condition = (typeof CONDITIONS)[number];

export const GUITARS_PER_USER = 5000;
export const IMAGES_PER_GUITAR = 10;
/** Together, in UTF-8, each with what it takes besides its content. */
export const NOTE_BYTES = 100 * 1024;
const BYTES_BESIDES = 100;
/** So many of them fit, were they empty. */
export const MOST_NOTES = Math.floor(NOTE_BYTES / BYTES_BESIDES);
/** What a person may say of a guitar besides `SPECS`, by names of their own. */
export const OWN_SPECS = 50;
export const OWN_SPEC_NAME = 50;
export const SPEC_LENGTH = 200;

export type Price = (typeof PRICES)[number];
/** The known ones, and those that the owner has named. */
export type Specs = Readonly<Record<string, string>>;

/** What only its owner knows. Prices are whole minor units of `currency` (cents, say). */
export type PrivateInfo = Readonly<
  Partial<Record<Exclude<(typeof PRIVATE_FIELDS)[number], Price>, string> & Record<Price, number>>
>;

export interface Note {
  readonly id: string;
  readonly content: string;
  readonly createdAt: string;
}

/** A photo of the guitar; its objects never change, so that their keys stand here. In order, one of them the primary. */
export interface GuitarImage {
  readonly id: string;
  readonly key: string;
  readonly thumbnailKey: string | null;
  readonly caption: string | null;
  readonly isPrimary: boolean;
}

type Texts = Readonly<Record<(typeof TEXTS)[number], string | null>>;

/** What a person says of a guitar. */
export interface GuitarFields extends Texts {
  readonly brand: string;
  readonly model: string;
  /** null where it is not known. */
  readonly year: number | null;
  readonly type: GuitarType | null;
  readonly condition: Condition | null;
  readonly numberOfFrets: number | null;
  readonly caseIncluded: boolean | null;
  readonly detailedSpecs: Specs;
  readonly privateInfo: PrivateInfo;
  readonly notes: readonly Note[];
}

export interface Guitar extends GuitarFields {
  readonly id: string;
  readonly userId: string;
  readonly images: readonly GuitarImage[];
  /** The key of the receipt that `privateInfo.receiptImageId` names. */
  readonly receiptKey: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly version: number;
}

/** By what an import finds the guitar that a row means. */
export type Named = Pick<Guitar, 'id' | 'brand' | 'model' | 'year'> & {
  readonly serialNumber: string;
};

export const noteBytes = (notes: readonly Note[]): number =>
  notes.reduce((sum, { content }) => sum + Buffer.byteLength(content) + BYTES_BESIDES, 0);

const KNOWN_SPECS: ReadonlySet<string> = new Set(SPECS);

/** What a map of specs holds besides the known ones, by name. */
export const ownSpecsOf = <T = string>(specs: object): Record<string, T> =>
  Object.fromEntries(
    Object.entries(specs as Record<string, T>)
      .filter(([name, value]) => !KNOWN_SPECS.has(name) && value !== undefined)
      .toSorted(([one], [other]) => (one < other ? -1 : 1)),
  );

/** Of these fields, those that have a value; in this order, since DynamoDB's maps come back in any. */
export const named = (from: object, names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = (from as Record<string, unknown>)[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
