import { expect, test } from "vitest";
import { fieldName, sentence } from "./said.ts";

test("a sentence of the server is told in Chinese, with what it names", () => {
  expect(sentence("zh", "there is no unit 'Haikou' now")).toBe("没有单位“Haikou”。");
  expect(sentence("zh", "there is no agency 'police'")).toBe(sentence("zh", "there is no agency 'police' now"));
  expect(sentence("zh", "there is no agency 'police'")).not.toBeNull();
  expect(sentence("zh", "There is no unit '4699'.")).toBe("没有单位“4699”。");
  expect(sentence("zh", "String should have at least 6 characters")).toBe("不少于 6 个字符。");
  expect(sentence("zh", "You have signed this set already.")).toBe("您已签署过这套策略。");
  expect(sentence("zh", "say for which agency: coast_police, coast_guard")).toBe("请指明机构：海岸警察、海警。");
  expect(sentence("zh", "stays as it is: what a unit or agency is, and when it ends, is changed by the operator of the machine alone (littoral units import --apply)")).toBe("已有单位和机构的层级、上级、辖区和终止日期只能由服务器运维人员修改（littoral units import --apply）。");
  expect(sentence("zh", "no Excel file (xlsx)")).toBe("不是 Excel 文件（.xlsx）。");
});

test("one without words is not guessed at, and English stays as it is", () => {
  expect(sentence("zh", "the moon is full")).toBeNull();
  expect(sentence("en", "the moon is full")).toBe("the moon is full");
});

test("a field is called by its last part", () => {
  expect(fieldName("zh", "roles.0.unit")).toBe("单位");
  expect(fieldName("en", "properties.valid_to")).toBe("end");
  expect(fieldName("en", "some_thing")).toBe("some thing");
});
