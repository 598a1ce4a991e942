import type { AskingUser } from '../../exchange/ports.ts';
import type { Subject } from '../../model/index.ts';

/**
 * The text over which a subject's tag is made: the kind and its fields in the order of the model, as a JSON array,
 * so that neither the order of members nor a character in a value can make two subjects look alike.
 */
export function canonicalSubject(subject: Subject | AskingUser): string {
  switch (subject.kind) {
    case 'licence': return JSON.stringify(['licence', subject.number]);
    case 'person': return JSON.stringify(['person', subject.name.surname, subject.name.given, subject.name.middle, subject.birthDate, subject.sex]);
    case 'name': return JSON.stringify(['name', subject.name.surname, subject.name.given, subject.name.middle]);
    case 'plate': return JSON.stringify(['plate', subject.plate, subject.plateYear, subject.plateType]);
    case 'vin': return JSON.stringify(['vin', subject.vin, subject.make, subject.year]);
    case 'owner': return JSON.stringify(['owner', subject.name.surname, subject.name.given, subject.name.middle]);
    case 'user': return JSON.stringify(['user', subject.ori, subject.user]);
    case 'partialPlate': return JSON.stringify(['partialPlate', subject.pattern, subject.plateType]);
  }
}
