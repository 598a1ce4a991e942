import type { DataClass, Purpose } from '../../vocabulary/index.ts';

/** The words of the vocabulary that stand in a letter, in Spanish. */
export const dataEs: Readonly<Record<DataClass, string>> = {
  licenceStatus: 'estado de la licencia', licenceNumber: 'número de la licencia', name: 'nombre', birthDate: 'fecha de nacimiento', description: 'descripción física', address: 'domicilio',
  photo: 'fotografía', signature: 'firma', ssn: 'número de Seguro Social', medical: 'observaciones médicas', immigrationDocuments: 'documentos migratorios', driverHistory: 'historial de manejo',
  vehicleRegistration: 'registro del vehículo', registeredOwner: 'dueño registrado del vehículo',
};

export const purposeEs: Readonly<Record<Purpose, string>> = {
  trafficEnforcement: 'una parada de tránsito, un choque o una infracción', criminalInvestigation: 'la investigación de un delito', violentCrime: 'la investigación de un delito violento',
  narcotics: 'la investigación de un delito de drogas', fraud: 'la investigación de un fraude o de documentos falsos', theft: 'la investigación de un robo',
  missingPerson: 'buscar a una persona desaparecida o avisar a una familia', officerSafety: 'la seguridad de un agente durante un encuentro', emergency: 'un peligro inmediato para la vida o la integridad',
  warrantService: 'ejecutar una orden firmada por un juez', courtProceeding: 'un caso ante un tribunal', borderInspection: 'una inspección en la frontera o en un puerto de entrada',
  civilImmigration: 'aplicar la ley civil de inmigración', criminalImmigration: 'un delito federal de inmigración', licensing: 'emitir o comprobar una licencia o identificación',
  employmentCheck: 'una comprobación para un empleo', firearmsCheck: 'una comprobación para armas de fuego', domesticViolenceCourt: 'un asunto de violencia doméstica ante un tribunal',
  nationalSecurity: 'un asunto de seguridad nacional', notStated: 'la solicitud no dice para qué se hizo',
};

export const reducedEs = ' (en forma reducida)';
