import { Columns3 } from "lucide-react";
import { Button } from "../../../ui/button.tsx";
import { Menu, MenuCheckItem, MenuLabel } from "../../../ui/menu.tsx";
import { type ColumnName, columnNames, columnOf } from "./columns.tsx";

type ColumnsMenuProps = { chosen: readonly ColumnName[]; onChange: (names: readonly ColumnName[]) => void };

export function ColumnsMenu({ chosen, onChange }: ColumnsMenuProps) {
  return (
    <Menu
      trigger={
        <Button>
          <Columns3 /> Columns
        </Button>
      }
    >
      <MenuLabel>Shown for each task</MenuLabel>
      {columnNames.map((name) => (
        <MenuCheckItem
          key={name}
          checked={chosen.includes(name)}
          disabled={name === "id"}
          // Several are usually chosen in one go.
          onSelect={(event) => event.preventDefault()}
          onCheckedChange={(isShown) =>
            onChange(isShown ? [...chosen, name] : chosen.filter((each) => each !== name))
          }
        >
          {columnOf(name).label}
        </MenuCheckItem>
      ))}
    </Menu>
  );
}
