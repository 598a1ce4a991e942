import { permutationOf } from './permutation.ts';
import { type Random, hashText } from './random.ts';

const split = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Pieces of names. All names of the demonstration are put together from these; none comes from a list of real persons or places. */
const surnameHeads = split(`Marrow Tarn Quill Brindle Fenn Cald Harrow Pell Dunner Sallow Thistle Ocken Lantern Wren Hather Brack Cobble Pewter Ember Loder
  Garrow Stell Winder Otter Heron Flint Tamber Rook Alder Bramble Copper Drift Elver Fallow Gorse Hazel Ivory Jasper Kestrel Linnet Mallow Nettle Orchard
  Penn Rush Sorrel Teasel Umber Verney Wander Yarrow Amber Birken Corven Dapple Estel Farrow Gild Hobber Inver`);
const surnameTails = split('by wick more stead garth combe shaw worth dale mere low ridge ham thwaite ander ell holt croft den gate ley rane sett vane wold');
const surnameHeads2 = split(`Var Mor Sal Tor Ben Cas Ibar Lum Tam Ord Quin Zel Mar Dov Kar Nav Per Rom Sur Tal Ulm Vel Wak Yor Zam Bal Cor Del Esk Fal
  Gar Hol Jar Kel Lor Mir Nor Ost Pal Rav San Tem Ust Ver Yan Zor Ban Chal Dar Fen`);
const surnameTails2 = split(`anda ezo ival etto oska inova amura adze ovik enko uyan aro idis abe ondo ucci erez ulin ashi omai avar endra isto umbe
  orra ekwe anoa itez uong ailani`);
const givenHeads = split('Tess Dar Mar Lor Ar El Jor Kev Lin Nor Or Per Quin Ros San Tal Val Wil Yas Zan Bren Cor Del Em Fen Gal Hel Is Jas Kal Led Mir Nad Ol Pav Rem Sel Tor Un Vir');
const givenTails: Readonly<Record<'F' | 'M' | 'X', readonly string[]>> = {
  F: split('a ina elle ia wyn ora ette is ena ilde ara ika'),
  M: split('an en o ik ard on us iel am ero in ul'),
  X: split('y ey is el en io'),
};
const placeHeads = split(`Tarn Brindle Quill Sallow Pewter Lantern Marrow Thistle Otter Heron Wren Saffron Cobble Juniper Flint Amber Copper Ember Fallow Garnet
  Hazel Indigo Jasper Kestrel Linden Mallow Nettle Opal Plover Quarry Russet Sorrel Teasel Umber Vesper Willet Yarrow Alder Birch Cedar Damson Elder Fern
  Gorse Harrow Iron Larch Moss Nutmeg Osier Pepper Rook Sable Tamarack Velvet Walnut Zephyr Barley Candle Drum Feather Glass Hammer Kettle Ladle Mitten
  Needle Paper Raven Silver Tinder Violet Wicker Anchor Basket Cinder Dapple Fiddle Goose`);
const placeTails = [
  'bury', 'mere', 'stead', 'wick', 'garth', 'ton', 'ford', 'dale', 'combe', 'field', 'bridge', 'brook', 'gate', 'haven', 'mouth', 'worth',
  ' Hollow', ' Bend', ' Crossing', ' Landing', ' Prairie', ' Ridge', ' Point', ' Bluff', ' Harbor', ' Hill', ' Meadow', ' Mills', ' Spring', ' Grove',
];
const placeFronts = ['New', 'North', 'South', 'East', 'West', 'Upper', 'Lower', 'Lake', 'Fort', 'Mount'];
const streetHeads = split(`Lantern Alder Tarn Heron Copper Orchard Mill Quarry Thistle Juniper Plover Sorrel Ferry Chapel Kettle Wicker Meadow Ridge Harrow Glass
  Pepper Linden Canal Anchor Barley Cinder Drum Feather Garnet Hazel`);
const streetTails = ['St', 'Ave', 'Rd', 'Ln', 'Dr', 'Ct', 'Way', 'Pl'];

/** A surname in upper case, such as MARROWBY. One in a hundred is double, with a hyphen. */
export function inventSurname(random: Random): string {
  const one = (): string =>
    (random.chance(0.55) ? random.pick(surnameHeads) + random.pick(surnameTails) : random.pick(surnameHeads2) + random.pick(surnameTails2)).toUpperCase();
  return random.chance(0.01) ? `${one()}-${one()}` : one();
}

/** A given name in upper case. */
export function inventGiven(random: Random, sex: 'F' | 'M' | 'X'): string {
  return (random.pick(givenHeads) + random.pick(givenTails[sex])).toUpperCase();
}

/** A house number and street. */
export function inventStreet(random: Random): string {
  return `${random.between(1, 9899)} ${random.pick(streetHeads)} ${random.pick(streetTails)}`.toUpperCase();
}

/** Gives place names one by one, no two the same, in an order that the label decides. */
export function placeNames(seed: number, label: string): (index: number) => string {
  const plain = placeHeads.length * placeTails.length;
  const order = permutationOf(hashText(`${seed}/${label}`), plain);
  return (index) => {
    const at = order(index % plain);
    const base = (placeHeads[at % placeHeads.length] ?? '') + (placeTails[Math.floor(at / placeHeads.length)] ?? '');
    const round = Math.floor(index / plain);
    return round === 0 ? base : `${placeFronts[(round - 1) % placeFronts.length] ?? ''} ${base}`;
  };
}
