import type { Answer, OwnerAnswer, RecordData } from '../../model/index.ts';

/** The JSON form of an answer, as the wire room writes it: the values of the model, with pictures in base64. */
export interface JsonAnswer extends Omit<Answer, 'answers' | 'clocks' | 'key'> {
  readonly answers: readonly JsonOwnerAnswer[];
}

export interface JsonOwnerAnswer extends Omit<OwnerAnswer, 'records'> {
  readonly records: readonly JsonRecord[];
}

export interface JsonRecord extends Omit<RecordData, 'photo' | 'signature'> {
  readonly photo?: JsonPicture;
  readonly signature?: JsonPicture;
}

export interface JsonPicture {
  readonly mediaType: string;
  readonly base64: string;
}
