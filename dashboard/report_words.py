"""The sentences of the public report page, in both languages."""

from typing import Final, Literal

from rules.model import Sentence

ReportState = Literal["received", "seen", "coming", "done"]

TITLE: Final = Sentence("向值班台报告", "Report to the duty desk")
URGENT: Final = Sentence(
    "有生命危险时先打电话：火警 119，急救 120，报警 110。",
    "If a life is in danger, telephone first: fire 119, ambulance 120, police 110.",
)
PHONE: Final = Sentence("值班台电话：", "The duty desk's telephone: ")
WHAT: Final = Sentence("发生了什么？（必选）", "What has happened? (required)")
TEXT: Final = Sentence("说明", "In your words")
TEXT_HINT: Final = Sentence("看到、听到或闻到什么，有没有人受伤。", "What you see, hear or smell, and whether anybody is hurt.")
ZONE: Final = Sentence("地点（来自二维码）：", "Place (from the QR code): ")
PLACE: Final = Sentence("在哪里？（必填）", "Where? (required)")
PLACE_MORE: Final = Sentence("具体位置", "Where exactly?")
PLACE_HINT: Final = Sentence(
    "例如：3栋 2单元 502，或地下车库入口。", "For example: building 3, unit 2, flat 502; or the garage's entrance."
)
CONTACT: Final = Sentence("电话或邮箱（可不填）", "Telephone or mail (optional)")
CONTACT_HINT: Final = Sentence(
    "只用来在您来电时核对是您：系统只留号码的开头和结尾，值班台不能按它回电。需要回电请直接打电话。",
    "Only to know you by when you call: no more than its beginning and end are kept, so the desk cannot call it. "
    "If you need an answer by telephone, please call.",
)
PHOTO: Final = Sentence("照片（可不选，一张）", "A photograph (optional, one)")
PHOTO_HINT: Final = Sentence(
    "JPEG、PNG 或 WebP，最大 5 MB。照片里的位置、时间和机型信息会去掉，只有值班员能看，30 天后删除。照片存不下时报告照收。",
    "JPEG, PNG or WebP, 5 MB at most. What it says of place, time and camera is removed; only the duty desk sees it, "
    "for 30 days. Where it cannot be kept, your report is taken all the same.",
)
BAD_PHOTO: Final = Sentence(
    "这张照片读不了：请换一张 JPEG、PNG 或 WebP，或不带照片再按一次“提交”。",
    "This photograph cannot be read: choose another (JPEG, PNG or WebP), or send once more without one.",
)
PHOTO_LATER: Final = Sentence(
    "这张照片没有收下：此刻发来的照片太多，或传得太慢。改好后过半分钟再按“提交”，也可以不带照片。",
    "This photograph was not taken: too many are being sent just now, or it came too slowly. "
    "Mend the rest and send again in half a minute, or without a photograph.",
)
PHOTO_LOST: Final = Sentence(
    "报告已收下，照片没有收下：此刻发来的照片太多、传得太慢，或存放处已满。照片要紧时请打电话告诉值班台。",
    "Your report is taken; its photograph is not: too many are being sent now, it came too slowly, or there is no room left. "
    "If the picture matters, telephone the desk.",
)
NO_PHOTO: Final = Sentence("本页暂不能上传照片。", "Photographs cannot be sent here yet.")
TRAP: Final = Sentence("此栏请留空", "Leave this empty")
SEND: Final = Sentence("提交", "Send")
FAULTY: Final = Sentence("还没有提交，请先改正：", "Nothing is sent yet. Please mend this first:")
OTHER_LANGUAGE: Final = Sentence("English", "中文")

STATUS: Final = Sentence("报告进度", "How your report stands")
CODE: Final = Sentence("查询码（请记下或收藏本页）：", "Your code (write it down, or keep this page): ")
STATES: Final[dict[ReportState, Sentence]] = {
    "received": Sentence("已收到，等待值班员查看。", "Received. The duty desk has not looked at it yet."),
    "seen": Sentence("值班员已看到。", "The duty desk has seen it."),
    "coming": Sentence("已有人前往或在现场处置。", "Somebody is on the way, or there."),
    "done": Sentence("已处理完毕。", "It is done."),
}
LATER: Final = Sentence("稍后刷新本页可查看新进度。", "Load this page again later to see how it goes on.")
AGAIN: Final = Sentence("再报一件事", "Report something else")

UNKNOWN: Final = Sentence(
    "没有这个查询码，或已过期（30 天）。请核对后再试。",
    "There is no such code, or it is over 30 days old. Please check it.",
)
TOO_MANY: Final = Sentence(
    "来自这里的提交太多，这一次没有收下。紧急情况请打电话；其他事请十分钟后再试。",
    "Too much came from here, and this was not taken. If it is urgent, telephone; else try again in ten minutes.",
)
TOO_LARGE: Final = Sentence("内容太长，没有收下。请缩短后重试。", "This is too long and was not taken. Please make it shorter.")
UNREADABLE: Final = Sentence(
    "提交的内容无法读取，没有收下。请重新打开本页填写。", "This could not be read and was not taken. Please open the page anew."
)
CLOSED: Final = Sentence(
    "值班台暂时收不到网上报告，不能确定这次是否收下。请打电话报告；稍后也可以再按“提交”，不会重复登记。",
    "The desk does not answer, and whether this was taken is unknown. Please telephone; "
    "you may also send it again later: it counts once.",
)
UNSEEN: Final = Sentence("暂时查不到进度，请稍后再试。", "How it stands cannot be read just now. Please try again later.")
