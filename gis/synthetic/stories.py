"""Sentences that describe invented incidents, by language and topic; no person is named."""

STORIES: dict[str, dict[str, tuple[str, ...]]] = {
    "zh": {
        "rubbish": ("垃圾桶满溢，异味明显", "路边堆放建筑垃圾无人清理", "楼道内堆放杂物"),
        "noise": ("夜间施工噪声扰民", "广场音响声音过大", "楼下烧烤摊深夜喧哗"),
        "flooding": ("暴雨后路面积水，行人难以通过", "地下车库进水", "下水道堵塞返水"),
        "road_damage": ("路面坑洼，电动车易摔倒", "井盖松动", "人行道地砖破损"),
        "street_lighting": ("路灯不亮", "整段路灯昼夜颠倒", "灯杆倾斜"),
        "illegal_parking": ("车辆占用消防通道", "车辆停放堵住小区出口", "人行道违停"),
        "street_vending": ("占道摆摊影响通行", "流动摊贩聚集", "店外经营占用人行道"),
        "illegal_building": ("楼顶私自搭建", "院内违规加建", "占用公共绿地搭棚"),
        "fire_hazard": ("楼道内电动车充电", "灭火器过期", "电线私拉乱接"),
        "traffic": ("两车刮擦，无人受伤", "电动车与行人碰撞", "路口事故造成拥堵"),
        "theft": ("电动车电瓶被盗", "店铺夜间被盗", "住户反映财物丢失"),
        "neighbour_dispute": ("楼上漏水引发纠纷", "宅基地边界争议", "公共空间使用争议"),
        "domestic_dispute": ("家庭内部争执，已请调解员上门", "赡养问题争议", "家庭财产争议"),
    },
    "en": {
        "rubbish": ("Containers overflowing", "Rubble left at the roadside", "Litter in the yard"),
        "noise": ("Loud music late at night", "Building work at night", "Barking dogs"),
        "flooding": ("Water stands on the road", "Cellar flooded", "Blocked drain"),
        "road_damage": ("Pothole", "Loose manhole cover", "Broken kerb"),
        "street_lighting": ("Street lamp out", "Lamps on by day", "Lamp post leaning"),
        "illegal_parking": ("Car blocks a drive", "Car on the pavement", "Fire lane blocked"),
        "street_vending": ("Stall blocks the pavement", "Goods outside a shop", "Food stand"),
        "illegal_building": ("Shed built without permit", "Roof raised", "Fence on public land"),
        "fire_hazard": ("Escape route blocked", "Extinguisher out of date", "Open wiring"),
        "traffic": ("Two cars touched, nobody hurt", "Cyclist fell", "Accident at a junction"),
        "theft": ("Bicycle stolen", "Shop broken into", "Tools missing from a site"),
        "neighbour_dispute": ("Quarrel over a hedge", "Leak from above", "Quarrel over parking"),
        "domestic_dispute": ("Quarrel in a household, mediation asked", "Care of a parent"),
    },
}
