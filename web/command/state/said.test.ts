import { expect, test } from "vitest";
import { ApiError } from "../../client/http.ts";
import { fieldName, saidOfField, sentence } from "./said.ts";

test("a sentence of the server is told in Chinese, with what it names", () => {
  expect(sentence("zh", "there is no unit 'Haikou' now")).toBe("没有单位“Haikou”。");
  expect(sentence("zh", "there is no agency 'police'")).toBe(sentence("zh", "there is no agency 'police' now"));
  expect(sentence("zh", "there is no agency 'police'")).not.toBeNull();
  expect(sentence("zh", "There is no unit '4699'.")).toBe("没有单位“4699”。");
  expect(sentence("zh", "String should have at least 6 characters")).toBe("不少于 6 个字符。");
  expect(sentence("zh", "You have signed this set already.")).toBe("您已签署过这套策略。");
  expect(sentence("zh", "say for which agency: coast_police, coast_guard")).toBe("请指明机构：海岸警察、海警。");
  expect(sentence("zh", "stays as it is: what a unit or agency is, and when it ends, is changed by the operator of the machine alone (littoral units import --apply)")).toBe("已有单位和机构的层级、上级、辖区和终止日期只能由服务器运维人员修改（littoral units import --apply）。");
  expect(sentence("zh", "Value error, a mobile number stands in it; a contact holds no numbers of persons")).toBe("内有证件号码或手机号码，请删去。");
  expect(sentence("zh", "no Excel file (xlsx)")).toBe("不是 Excel 文件（.xlsx）。");
});

test("a fault of a sheet says what may be written there", () => {
  const some = "there is no agency 'police'; codes are hk-police, hk-customs and 34 more, see sheet agencies of units.xlsx";
  expect(sentence("zh", some)).toBe("没有机构“police”。机构代码如 hk-police、hk-customs；全部代码见“导出单位”文件的“机构（agencies）”表。");
  expect(sentence("en", some.replace(" and 34 more", ""))).toBe("There is no agency “police”. Codes are hk-police, hk-customs; all stand in the sheet “agencies” of the exported units.");
  expect(sentence("zh", "'chief' is none of watch_officer, auditor")).toBe("“chief”不可用，可填：watch_officer（值班员）、auditor（审计员）。");
  expect(sentence("zh", "469005 is a city, not wider than a city")).toBe("上级 469005 的层级是市县，须高于市县。");
  const others = [
    "must be at most 24 letters, digits, - or _", "may have at most 100 characters", "must be yes or no", "'soon' is no day like 2026-01-31", "a township must have one",
    "is not wider than the units within it", "row 3 has another name for this login", "stands for wang already, as in row 3", "more than 100,000 rows",
    "a formula; put the value there", "an error of Excel", "unknown name; known: units, agencies", "unknown heading 'Amt'", "stands twice", "code stands twice",
    "the file holds macros; save it as .xlsx without them", "the file unpacks to too much", "the file has more than 500 parts",
    "has no role in this unit that stands watch", "is not as in the first row", "stands twice in this team", "lies over a month back",
    "is of a shift that has begun: what has been is not planned anew", "is not within what you manage", "is no number", "longitude and latitude go together",
  ];
  for (const text of others) expect(sentence("zh", text), text).toMatch(/[\u4e00-\u9fff]/);
});

test("what is wrong with a vessel to look out for, a shelf or a question is told in Chinese", () => {
  expect(sentence("zh", "is no IMO number: its last digit does not fit")).toBe("不是有效的 IMO 编号：校验位不符。");
  expect(sentence("zh", "she is on the list already, by wang")).toBe("该船已由 wang 列入关注名单。");
  expect(sentence("zh", "at most 168 hours")).toBe("最长 168 小时。");
  expect(sentence("zh", "say why, since a second person has to agree")).toBe(sentence("zh", "say why"));
  const others = [
    "say which vessel: MMSI, IMO number or name", "its end has passed", "at most 90 days from now", "say why it is set aside", "must be later than `from`",
    "Value error, an identity number stands in it; the watch-list holds no numbers of persons", "It is dealt with already.",
    "Alerts of distress and emergency alarms are not set aside: they are answered, or dismissed by two persons.",
    "Calls of distress, and that nothing is heard at all, are not set aside as a class: somebody asks for help, or the picture itself is wrong.",
    "is no fence that there is now", "there is no such geofence", "must be three corners lon,lat at least", "must be fence:<id> or corners lon,lat lon,lat …",
    "is no valid area: Self-intersection[110 19]", "latitude 109.0 is not within -90 to 90", "must be at most 400 days after `from`",
    "must be an MMSI or the id of a track",
  ];
  for (const text of others) expect(sentence("zh", text), text).toMatch(/[\u4e00-\u9fff]/);
});

test("a field's fault is told in the language of the page", () => {
  const error = new ApiError({ title: "", status: 422, errors: [{ field: "imo", message: "is no IMO number: its last digit does not fit" }] } as never);
  expect(saidOfField("zh", error, "imo")).toBe("不是有效的 IMO 编号：校验位不符。");
  expect(saidOfField("zh", error, "mmsi")).toBeUndefined();
  expect(saidOfField("zh", null, "imo")).toBeUndefined();
});

test("one without words is not guessed at, and English stays as it is", () => {
  expect(sentence("zh", "the moon is full")).toBeNull();
  expect(sentence("en", "the moon is full")).toBe("the moon is full");
});

test("a field is called by its last part", () => {
  expect(fieldName("zh", "roles.0.unit")).toBe("单位");
  expect(fieldName("en", "properties.valid_to")).toBe("valid until");
  expect(fieldName("en", "some_thing")).toBe("some thing");
});
