/** What every answer of the demonstration says in words. */
export const demonstrationNotice = 'DEMONSTRATION - ALL PERSONS AND RECORDS ARE INVENTED';
