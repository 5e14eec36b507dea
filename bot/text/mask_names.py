"""People's names where a form asks for them: after 姓名, or beside a phone number. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_DOUBLE = (
    "欧阳|上官|司马|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|宇文|长孙|司徒|夏侯|端木|独孤|南宫|西门|百里|呼延|闻人|轩辕|钟离"
)
_SINGLE = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花"
    "方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝"
    "明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝"
    "管卢莫经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫"
    "乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘钭厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍"
    "赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习"
    "宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾毋沙"
    "乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公仉肖闫付代邸涂宾冼覃佟岳隋么苑原楚"
)
# Characters that begin what follows a name, and hardly occur in given names.
_STOP = (
    "的是在来需电手卡身住你您我他她它请麻帮没不了吗呢吧啊被把从因为今昨想要办号与跟及"
    "说去到打找就也都还会能这那有位个叔姨"
)
_GIVEN = rf"(?!先生|女士|小姐|老师|经理|大姐|阿姨)(?=[\u4e00-\u9fff])[^{_STOP}]"
_NAME = rf"(?:(?:{_DOUBLE})(?:{_GIVEN}){{1,2}}|[{_SINGLE}](?:{_GIVEN}){{1,2}})"
_NAME_WORD = r"(?:姓名|名字|我叫|本人叫|联系人|收款人|付款人|持卡人|(?<!客)户名|户主|客户名(?!单)|称呼|投诉人)"
_AFTER_WORD = re.compile(rf"{_NAME_WORD}(?:是|为|叫|:|填)?[ :]{{0,2}}({_NAME})")
_TITLE = r"(?:先生|女士|小姐)?"
_MARKS = r"[ ,。:;、\n()]"
_PHONE_WORD = r"(?:(?:我的|本人)?(?:联系)?(?:手机|电话|方式)号?码?(?:是|为)?[ :]{0,2})?"
_BEFORE_PHONE = re.compile(rf"(?:^|{_MARKS}|[我叫是人])({_NAME}){_TITLE}{_MARKS}{{0,3}}{_PHONE_WORD}$")
_AFTER_PHONE = re.compile(rf"{_MARKS}{{0,3}}({_NAME}){_TITLE}(?=$|{_MARKS})")
# Words of banking that a surname's character begins.
_NO_NAMES = re.compile(
    "金额|信用|贷款|余额|房贷|车贷|成功|平安|国债|通知|时间|时候|支付|方便|和平|金融|水电|利息|利率|高利|经常|关于|印章|封卡"
    "|应该|终于|居然|相关|能否|全部|元旦|安全|万元|单位|白天|都行|别人|任何|幸福|谢谢|常用|广州|文件|随时|保密|易付|连接|许多"
    "|何时|温馨|简单|查询|查一|后来|向上|充值|步骤|满意|解决|解除|解冻|经理|管理|计算|花呗|须知|越来|明天|明白|上午|下午|周[一二三四五六日]"
)


def find(read: str, phones: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for m in _AFTER_WORD.finditer(read):
        if not _NO_NAMES.match(m[1]):
            yield m.span(1)
    for start, end in phones:
        before = _BEFORE_PHONE.search(read[:start])
        if before and not _NO_NAMES.match(before[1]):
            yield before.span(1)
        after = _AFTER_PHONE.match(read, end)
        if after and not _NO_NAMES.match(after[1]):
            yield after.span(1)
