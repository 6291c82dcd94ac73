"""Topics are rows that people add to; words of files are remembered with the topic they mean."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

FIRST = (
    ("rubbish", "垃圾堆积", "Rubbish", "environment", False),
    ("noise", "噪声扰民", "Noise", "environment", False),
    ("flooding", "内涝积水", "Flooding", "environment", False),
    ("road_damage", "道路破损", "Road damage", "facilities", False),
    ("street_lighting", "路灯故障", "Street lighting", "facilities", False),
    ("illegal_parking", "违规停车", "Illegal parking", "order", False),
    ("street_vending", "占道经营", "Street vending", "order", False),
    ("illegal_building", "违章搭建", "Illegal building", "construction", False),
    ("fire_hazard", "消防隐患", "Fire hazard", "safety", False),
    ("traffic", "交通事故", "Traffic accident", "safety", False),
    ("theft", "盗窃", "Theft", "security", False),
    ("neighbour_dispute", "邻里纠纷", "Neighbour dispute", "disputes", True),
    ("domestic_dispute", "家庭矛盾", "Domestic dispute", "disputes", True),
)


def upgrade() -> None:
    decided: sa.Column[bool] = sa.Column(
        "sensitive_decided", sa.Boolean(), server_default="false", nullable=False
    )
    op.add_column("topic", decided)
    op.alter_column("topic", "sensitive", server_default="true")
    op.execute("UPDATE topic SET sensitive_decided = true")
    rule = op.f("ck_topic_undecided_is_sensitive")
    op.create_check_constraint(rule, "topic", "sensitive OR sensitive_decided")
    op.create_table(
        "topic_word",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["topic"], ["topic.code"], name=op.f("fk_topic_word_topic_topic")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_topic_word")),
    )
    op.create_index("ix_topic_word_topic", "topic_word", ["topic"], unique=False)
    add_first_topics()


def add_first_topics() -> None:
    statement = sa.text(
        "INSERT INTO topic (code, name_zh, name_en, category, sensitive, sensitive_decided)"
        " VALUES (:code, :zh, :en, :category, :sensitive, true) ON CONFLICT (code) DO NOTHING"
    )
    names = ("code", "zh", "en", "category", "sensitive")
    op.get_bind().execute(statement, [dict(zip(names, row, strict=True)) for row in FIRST])


def downgrade() -> None:
    op.drop_table("topic_word")
    op.drop_constraint(op.f("ck_topic_undecided_is_sensitive"), "topic", type_="check")
    op.alter_column("topic", "sensitive", server_default="false")
    op.drop_column("topic", "sensitive_decided")
