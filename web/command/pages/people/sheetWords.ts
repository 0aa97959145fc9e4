import { wordOr, type Lang } from "../../../words/index.ts";

/** A sheet as the template names it, with its Chinese name before. One that the template has not keeps its own name. */
export const sheetName = (lang: Lang, sheet: string): string => wordOr(lang, `sheet.${sheet}`, sheet);

/** A column by its heading; one without a known heading by the letters that Excel gives it. */
export const columnName = (lang: Lang, sheet: string, column: string): string => wordOr(lang, `column.${sheet}.${column}`, column);
