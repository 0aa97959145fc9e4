/** ODK Web Forms 0.22 speaks English alone. What it says besides the form's own words, in Chinese. */
const ZH: Record<string, string> = {
  "Send": "提交", "Get location": "获取位置", "Finding your location": "正在定位", "Retry": "重试", "Try again": "再试一次",
  "Take picture": "拍照", "Choose image": "选择图片", "Choose file": "选择文件", "Upload": "上传", "Remove": "移除", "Add": "添加",
  "Clear": "清除", "Cancel": "取消", "Save": "保存", "Done": "完成", "Good accuracy": "精度良好", "Poor accuracy": "精度较差",
  "Unknown accuracy": "精度未知", "Accuracy": "精度", "Location unavailable": "无法定位", "Cannot access location": "无法获取位置",
  "Grant location permission in the browser settings and make sure location is turned on.": "请在浏览器设置中允许定位，并打开定位功能。",
  "Condition not satisfied: required": "必须填写", "Condition not satisfied: constraint": "不符合要求",
  "1 question with error.": "有 1 处填写有误。", "No file chosen": "未选择文件", "No available options": "没有选项",
  "No results found": "没有结果", "Search": "搜索", "Today": "今天", "Choose Date": "选择日期", "Latitude": "纬度", "Longitude": "经度",
  "An error occurred while loading this form": "表单无法打开", "Powered by": "表单引擎",
  "Unsupported": "不支持", "Loading": "正在载入",
};
const COUNTED = /^(\d+) questions with errors\.$/;

export function chinese(said: string): string {
  const text = said.trim();
  const found = ZH[text] ?? text.replace(COUNTED, "有 $1 处填写有误。");
  return found === text ? said : said.replace(text, found);
}

/** Follows what is shown; texts of the form itself are not in the list. */
export function speakChinese(at: HTMLElement): void {
  const turn = (node: Node): void => {
    if (node instanceof Text) {
      const said = chinese(node.data);
      if (said !== node.data) node.data = said;
    } else node.childNodes.forEach(turn);
  };
  turn(at);
  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "characterData") turn(change.target);
      else change.addedNodes.forEach(turn);
    }
  }).observe(at, { childList: true, subtree: true, characterData: true });
}
