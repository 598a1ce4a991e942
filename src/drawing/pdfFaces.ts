import type { Doc } from './pdf.ts';

/** A standard face of pdfkit, as far as it is touched here. */
interface Face {
  readonly name: string;
  readonly ascender: number;
  readonly descender: number;
  readonly capHeight: number;
  readonly bbox: readonly number[];
  readonly dictionary: { data: unknown; end(): void } | null;
  embed(): void;
}

/** What the types of pdfkit do not tell. */
interface Inside {
  readonly _fontFamilies?: Readonly<Record<string, Face>>;
  readonly ref: (data: object) => { end(): void };
}

const [first, last] = [32, 255] as const;

/**
 * Says in the document how wide each letter of the standard faces is (ISO 32000-1, 9.6.2.2). Readers that do not have these faces then squeeze
 * those that they take instead; without it, words would run into each other there. To be called before the document ends.
 */
export function writeWidths(doc: Doc): void {
  const { _fontFamilies: faces = {}, ref } = doc as unknown as Inside;
  for (const face of new Set(Object.values(faces))) {
    const widths = widthsOf(doc, face.name);
    face.embed = () => {
      if (face.dictionary === null) return;
      const descriptor = ref.call(doc, {
        Type: 'FontDescriptor', FontName: face.name, Flags: face.name.startsWith('Courier') ? 33 : 32, FontBBox: [...face.bbox], ItalicAngle: 0, Ascent: face.ascender, Descent: face.descender, CapHeight: face.capHeight, StemV: face.name.endsWith('Bold') ? 120 : 80,
      });
      descriptor.end();
      face.dictionary.data = { Type: 'Font', BaseFont: face.name, Subtype: 'Type1', Encoding: 'WinAnsiEncoding', FirstChar: first, LastChar: last, Widths: widths, FontDescriptor: descriptor };
      face.dictionary.end();
    };
  }
}

/** In thousandths of the size, by code of WinAnsiEncoding. */
function widthsOf(doc: Doc, name: string): readonly number[] {
  const letters = new TextDecoder('windows-1252');
  doc.font(name).fontSize(1000);
  return Array.from({ length: last - first + 1 }, (_, place) => {
    const letter = letters.decode(Uint8Array.of(first + place));
    return /[\u007f-\u009f]/.test(letter) ? 0 : Math.round(doc.widthOfString(letter));
  });
}
