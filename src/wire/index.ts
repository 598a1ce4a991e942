/** The three encodings of one inquiry and of its answer. Pure: bytes and values in, values and text out. */
export { decode } from './decode.ts';
export { decodeAnswer, type DecodedAnswer } from './decodeAnswer.ts';
export type { LegacyMessage, LegacyOwner } from './legacyMessages.ts';
export { encodeAnswer, encodeDirectory, encodeFault, encodeInquiry } from './encode.ts';
export { contentTypeOf, faultContentTypeOf, formatOf, formatOfType, typeOfFormat } from './formats.ts';
export { demonstrationNotice } from './notice.ts';
export { faultStatus, numberOfFault, numberOfStatus, type MessageNumber } from './numbers.ts';
export { echoOf, visible, type Decoded } from './reject.ts';
export { answerSchema, directoryAnswerSchema, directoryInquirySchema, inquirySchema, problemSchema } from './schemas.ts';
export { defaultPeer, defaultWireSettings, type NiemSettings, type PeerSettings, type WireSettings } from './settings.ts';
