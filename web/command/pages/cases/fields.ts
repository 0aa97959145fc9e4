/** Which fields a person may have (docs/personal-data.md); the server knows no others. */
export const PERSONAL = ["name", "phone", "address", "email", "birth_date", "plate", "seafarer_number", "note"] as const;
export const SENSITIVE = ["id_number", "passport", "account", "health", "whereabouts", "guardian"] as const;
export const FIELDS = [...PERSONAL, ...SENSITIVE] as const;
export type FieldName = (typeof FIELDS)[number];

export const SEARCHABLE: FieldName[] = ["name", "phone", "id_number", "passport", "plate", "email", "seafarer_number", "account"];

/** By which field somebody who types this value most likely looks. */
export function fieldOf(value: string): FieldName {
  const text = value.replace(/\s/g, "");
  if (/^(\+86|0086)?1\d{10}$/.test(text)) return "phone";
  if (/^\d{17}[\dXx]$/.test(text)) return "id_number";
  if (/^\S+@\S+$/.test(text)) return "email";
  if (/^[\u4e00-\u9fff][A-Za-z][A-Za-z0-9]{5,6}$/.test(text)) return "plate";
  return "name";
}

/** The fields that any of these persons has, in the order of the list. */
export function fieldsOf(persons: readonly { fields: Record<string, string | null> }[]): FieldName[] {
  return FIELDS.filter((f) => persons.some((p) => p.fields[f] !== undefined));
}
