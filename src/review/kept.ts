import type { Answer, Picture, Receipt, RecordData } from '../model/index.ts';

/** An answer as text to be sealed: pictures as base64. */
export function keptText(answer: Answer): string {
  return JSON.stringify({ ...answer, answers: answer.answers.map((one) => ({ ...one, records: one.records.map((record) => withPictures(record, textPicture)) })) });
}

/** The other way round, with the receipt of its verdict. The text was sealed here. */
export function keptAnswer(text: string, receipt: Receipt | null): Answer {
  const answer = JSON.parse(text) as Answer;
  return { ...answer, answers: answer.answers.map((one) => ({ ...one, receipt, records: one.records.map((record) => withPictures(record, bytesPicture)) })) };
}

function withPictures(record: RecordData, change: (picture: Picture) => unknown): RecordData {
  const { photo, signature } = record;
  return { ...record, ...(photo === undefined ? {} : { photo: change(photo) as Picture }), ...(signature === undefined ? {} : { signature: change(signature) as Picture }) };
}

function textPicture({ mediaType, bytes }: Picture): unknown {
  return { mediaType, bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64') };
}

function bytesPicture({ mediaType, bytes }: Picture): Picture {
  return { mediaType, bytes: new Uint8Array(Buffer.from(bytes as unknown as string, 'base64')) };
}
