import { describe, expect, it } from "vitest";
import { fieldOf, fieldsOf } from "./fields.ts";

describe("the field that somebody looks by", () => {
  it.each([
    ["13812345678", "phone"],
    ["+86 138 1234 5678", "phone"],
    ["460100199001011234", "id_number"],
    ["46010019900101123x", "id_number"],
    ["lin@example.org", "email"],
    ["琼A12345", "plate"],
    ["琼AD12345", "plate"],
    ["林海生", "name"],
    ["1381234567", "name"], // a digit short: no mainland number
  ])("%s: %s", (value, field) => expect(fieldOf(value)).toBe(field));
});

describe("the columns of a table of persons", () => {
  it("are those that anyone has, in one order", () => {
    expect(fieldsOf([{ fields: { phone: "138****5678" } }, { fields: { id_number: "****", name: "林*" } }])).toEqual([
      "name", "phone", "id_number",
    ]);
    expect(fieldsOf([])).toEqual([]);
  });
});
